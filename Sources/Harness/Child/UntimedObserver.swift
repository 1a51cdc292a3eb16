// SPDX-License-Identifier: Apache-2.0

import Measurement
import Workloads

/// The observer of a warm-up run: it reads nothing.
struct UntimedObserver: Observer {
    let generator: GeneratorProcess?
    let processors: BusyProcessors

    func mark(_ moment: Moment) {}
    func record(_ waits: [UInt64], as series: Series) {}
    func note(_ figure: NamedFigure, _ value: Double) {}

    func load(_ program: LoadProgram) throws -> LoadGenerator { try generator.start(program) }

    func keepingBusy<R>(_ body: () async throws -> R) async throws -> R? { try await processors.keep(during: body) }
}
