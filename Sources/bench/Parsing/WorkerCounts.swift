// SPDX-License-Identifier: Apache-2.0

import Harness

/// The argument of `--workers`.
struct WorkerCounts {
    private let counts: [Int]

    /// - Throws: ``UsageError`` for what is no list of whole numbers.
    init(_ text: String?) throws {
        guard let text else {
            counts = [1]
            return
        }
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        counts = try names.map { try UsageError.whole("--workers", $0, in: 1...128) }
    }

    /// Every variant with each number of workers that it can have.
    ///
    /// - Throws: ``UsageError`` for a number that none of them can have: it is not silently ignored.
    func variants(of variants: [SchedulerVariant]) throws -> [SchedulerVariant] {
        var list: [SchedulerVariant] = []
        for variant in variants {
            for count in counts where count == 1 || variant.isParallel {
                let workers = count == 1 ? nil : count
                let new = SchedulerVariant(backend: variant.backend, switching: variant.switching, workers: workers)
                if !list.contains(new) { list.append(new) }
            }
        }
        guard let unused = counts.first(where: { count in !list.contains { ($0.workers ?? 1) == count } }) else {
            return list
        }
        throw UsageError("--workers \(unused) needs a backend that can use several: dispatch or thread-per-task")
    }
}
