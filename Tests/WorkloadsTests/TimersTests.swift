// SPDX-License-Identifier: Apache-2.0

import ParameterValues
import Synchronization
import Tasklets
import TestSupport
import Testing
import Workloads

@Suite struct `Timers` {
    /// Counts the tasklets that wait for something when the timed region begins.
    private final class Census: Observer {
        private let waiting = Mutex(0)

        var count: Int { waiting.withLock { $0 } }

        func mark(_ moment: Moment) {
            guard moment == .begin else { return }
            let blocked = Tasklet.scheduler.blockedTasklets.count
            waiting.withLock { $0 = blocked }
        }

        func record(_ waits: [UInt64], as series: Series) {}
        func note(_ figure: NamedFigure, _ value: Double) {}
        func load(_ program: LoadProgram) throws -> LoadGenerator { try RecordingObserver().load(program) }

        func keepingBusy<R>(_ body: () async throws -> R) async throws -> R? { nil }
    }

    @Test(arguments: Configuration.all)
    func `All sleepers have started before the first deadline is set`(configuration: Configuration) throws {
        let workload = try #require(Workloads.named("timers"))
        let census = Census()
        let parameters = Parameters(["count": 50, "spread": 2, "cancelled": 10])
        _ = try configuration.makeScheduler().run { try await workload.run(parameters, census) }
        #expect(census.count == 50)
    }

    @Test(arguments: Configuration.all)
    func `Half as many sleep once more while the processor is kept busy`(configuration: Configuration) throws {
        let observer = RecordingObserver()
        #expect(try run(configuration, observer) == 61)
        #expect(observer.waits(.lateness).count == 51)
        #expect(observer.waits(.latenessBusy).count == 25)
    }

    @Test(arguments: Configuration.all)
    func `Where it cannot be kept busy nothing is recorded, and the answer is right`(
        configuration: Configuration
    ) throws {
        let observer = RecordingObserver(canKeepBusy: false)
        #expect(try run(configuration, observer) == 61)
        #expect(observer.waits(.lateness).count == 51)
        #expect(observer.waits(.latenessBusy).isEmpty)
    }

    private func run(_ configuration: Configuration, _ observer: RecordingObserver) throws -> Int {
        let workload = try #require(Workloads.named("timers"))
        let parameters = Parameters(["count": 51, "spread": 2, "cancelled": 10])
        return try configuration.makeScheduler().run { try await workload.run(parameters, observer) }
    }
}
