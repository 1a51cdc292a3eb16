// SPDX-License-Identifier: Apache-2.0

import Measurement
import Tasklets
import Workloads

/// The observer of a warm-up run: it reads nothing.
struct UntimedObserver: Observer {
    let load: LoadThread
    let processors: BusyProcessors

    func mark(_ moment: Moment) {}
    func record(_ waits: [UInt64], as series: Series) {}
    func note(_ figure: NamedFigure, _ value: Double) {}

    func elsewhere<R: Sendable>(_ program: @escaping @Sendable () async throws -> R) throws -> OneShot<R> {
        try load.run(program)
    }

    func keepingBusy<R>(_ body: () async throws -> R) async throws -> R? { try await processors.keep(during: body) }
}
