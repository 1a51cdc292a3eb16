// SPDX-License-Identifier: Apache-2.0

import Backends
import Harness
import Measurement

/// The argument of `--workers`.
struct WorkerCounts {
    private let counts: [Int]

    /// - Throws: ``UsageError`` for what is no list of whole numbers.
    init(_ text: String?) throws {
        let names = (text ?? "1").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        counts = try names.map { try UsageError.whole("--workers", $0, in: 1...128) }
    }

    /// Every variant with each number of workers, where its backend can use several; the others as they are.
    ///
    /// - Throws: ``UsageError`` for numbers above 1 that no backend can use.
    func variants(of variants: [SchedulerVariant]) throws -> [SchedulerVariant] {
        if let several = counts.first(where: { $0 > 1 }), !variants.contains(where: \.backend.isParallel) {
            let able = Backend.allCases.filter(\.isParallel).map(\.rawValue).joined(separator: " or ")
            throw UsageError("--workers \(several) needs a backend that can use several processors: \(able)")
        }
        var list: [SchedulerVariant] = []
        for variant in variants {
            for count in variant.backend.isParallel ? counts : [1] {
                let workers = count == 1 ? nil : count
                let new = SchedulerVariant(backend: variant.backend, switching: variant.switching, workers: workers)
                if !list.contains(new) { list.append(new) }
            }
        }
        return list
    }
}
