// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import Testing

@testable import Measurement

@Suite(.timeLimit(.minutes(1))) struct `Processors that are kept busy` {
    private struct Failure: Error {}

    /// The threads that were to give way, by the kernel's numbers.
    private final class Threads: Sendable {
        private let asked = Mutex<[Int32]>([])

        func add(_ number: Int32) { asked.withLock { $0.append(number) } }

        var all: [Int32] { asked.withLock { $0 } }

        /// How many of them exist.
        var count: Int { all.count { access("/proc/self/task/\($0)", F_OK) == 0 } }

        /// Returns when they have ended.
        func waitForEnd() async throws { while count > 0 { try await Task.sleep(for: .milliseconds(1)) } }
    }

    private let cpus = CPUSet.allowed()
    private let threads = Threads()

    /// The processors, with threads that are counted.
    private func processors(givingWay: Bool = true) -> BusyProcessors {
        BusyProcessors(cpus) { [threads] number in
            threads.add(number)
            return givingWay
        }
    }

    @Test func `There is a thread on each while the body runs, and not afterwards`() async throws {
        let count = try await processors().keep { threads.count }
        #expect(count == cpus.numbers.count)
        try await threads.waitForEnd()
    }

    @Test func `The threads end when the body throws`() async throws {
        await #expect(throws: Failure.self) { try await processors().keep { throw Failure() } }
        #expect(threads.all.count == cpus.numbers.count)
        try await threads.waitForEnd()
    }

    @Test func `Where a thread would not give way the body does not run, and the threads end`() async throws {
        var hasRun = false
        let result: Void? = try await processors(givingWay: false).keep { hasRun = true }
        #expect(result == nil && !hasRun)
        try await threads.waitForEnd()
    }

    @Test func `A processor that does not exist is not kept busy`() async throws {
        let result: Void? = try await BusyProcessors(CPUSet([1_023])) { _ in true }.keep {}
        #expect(result == nil)
    }

    @Test func `The kernel makes a thread give way to all others`() async throws {
        let policies = Mutex<[Int32]>([])
        let processors = BusyProcessors(cpus) { number in
            let isGranted = BusyProcessors.makeGiveWay(number)
            policies.withLock { $0.append(sched_getscheduler(number)) }
            return isGranted
        }
        let result: Void? = try await processors.keep {}
        // A sandbox may refuse.
        if result != nil { #expect(policies.withLock { Set($0) } == [Self.idlePolicy]) }
    }

    /// The kernel's number of the policy SCHED_IDLE, which Swift does not import.
    private static let idlePolicy: Int32 = 5
}
