// SPDX-License-Identifier: Apache-2.0

import Backends
import Foundation
import Synchronization
import Tasklets
import Workloads

/// Records everything that a workload reports, in order.
final class RecordingObserver: Observer {
    private struct Notes {
        var moments: [Moment] = []
        var waits: [Series: [UInt64]] = [:]
        var figures: [NamedFigure: Double] = [:]
    }

    private let notes = Mutex(Notes())
    private let canKeepBusy: Bool
    private let loadFailure: (any Error)?

    /// - Parameters:
    ///   - canKeepBusy: whether processors can be kept from idling; the observer itself only runs the body.
    ///   - loadFailure: what the load generator fails with when it is to start.
    init(canKeepBusy: Bool = true, loadFailure: (any Error)? = nil) {
        self.canKeepBusy = canKeepBusy
        self.loadFailure = loadFailure
    }

    var moments: [Moment] { notes.withLock { $0.moments } }

    var figures: [NamedFigure: Double] { notes.withLock { $0.figures } }

    func waits(_ series: Series) -> [UInt64] { notes.withLock { $0.waits[series] ?? [] } }

    func mark(_ moment: Moment) { notes.withLock { $0.moments.append(moment) } }

    func record(_ waits: [UInt64], as series: Series) { notes.withLock { $0.waits[series, default: []] += waits } }

    func note(_ figure: NamedFigure, _ value: Double) { notes.withLock { $0.figures[figure] = value } }

    /// Runs the generator on a thread of this process.
    func load(_ program: LoadProgram) throws -> LoadGenerator {
        let started = OneShot<Void>()
        let load = LoadGenerator { started.fulfill(()) }
        Thread.detachNewThread { [loadFailure] in
            do {
                try Backend.epoll.makeScheduler().run {
                    let perform = try await program.connect()
                    load.reportConnected()
                    try await started.value()
                    if let loadFailure { throw loadFailure }
                    let result = try await perform()
                    load.reportFinished()
                    load.report(result)
                }
            } catch {
                load.reportFailure(error)
            }
        }
        return load
    }

    func keepingBusy<R>(_ body: () async throws -> R) async throws -> R? { canKeepBusy ? try await body() : nil }
}
