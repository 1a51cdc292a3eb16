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

    /// - Parameter canKeepBusy: whether processors can be kept from idling; the observer itself only runs the body.
    init(canKeepBusy: Bool = true) { self.canKeepBusy = canKeepBusy }

    var moments: [Moment] { notes.withLock { $0.moments } }

    var figures: [NamedFigure: Double] { notes.withLock { $0.figures } }

    func waits(_ series: Series) -> [UInt64] { notes.withLock { $0.waits[series] ?? [] } }

    func mark(_ moment: Moment) { notes.withLock { $0.moments.append(moment) } }

    func record(_ waits: [UInt64], as series: Series) { notes.withLock { $0.waits[series, default: []] += waits } }

    func note(_ figure: NamedFigure, _ value: Double) { notes.withLock { $0.figures[figure] = value } }

    func elsewhere<R: Sendable>(_ program: @escaping @Sendable () async throws -> R) throws -> OneShot<R> {
        let outcome = OneShot<R>()
        Thread.detachNewThread {
            do {
                outcome.fulfill(try Backend.epoll.makeScheduler().run(program))
            } catch {
                outcome.fail(error)
            }
        }
        return outcome
    }

    func keepingBusy<R>(_ body: () async throws -> R) async throws -> R? { canKeepBusy ? try await body() : nil }
}
