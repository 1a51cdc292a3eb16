// SPDX-License-Identifier: Apache-2.0

import Backends
import Harness
import Measurement
import Workloads

/// The argument of `--workers`.
struct WorkerCounts {
    /// Nil where the user has given none.
    private let counts: [Int]?

    /// - Throws: ``UsageError`` for what is no list of whole numbers, and for numbers above 1 that no backend of the
    ///   variants can use.
    init(_ text: String?, for variants: [SchedulerVariant]) throws {
        let names = text?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        counts = try names?.map { try UsageError.whole("--workers", $0, in: Self.range) }
        if let several = counts?.first(where: { $0 > 1 }), !variants.contains(where: \.backend.isParallel) {
            let able = Backend.allCases.filter(\.isParallel).map(\.rawValue).joined(separator: " or ")
            throw UsageError("--workers \(several) needs a backend that can use several processors: \(able)")
        }
    }

    private static let range = 1...128

    /// Every variant with each number of workers, where its backend can use several; the others as they are.
    ///
    /// - Parameter allowed: the number of allowed processors; nil if the user has chosen some with `--cpus`.
    func variants(of variants: [SchedulerVariant], _ workload: Workload, allowed: Int?) -> [SchedulerVariant] {
        self.variants(of: variants, counts(workload, allowed: allowed, isParallel: true))
    }

    /// The numbers of workers for what can use several, or not.
    func counts(_ workload: Workload, allowed: Int?, isParallel: Bool) -> [Int] {
        isParallel ? counts ?? Self.standard(workload, allowed: allowed ?? 1) : [1]
    }

    /// The variants that the user can name as the baseline.
    func named(of variants: [SchedulerVariant]) -> [SchedulerVariant] { self.variants(of: variants, counts ?? [1]) }

    /// One, so that like is compared with like, and all processors, but for one that is left to a load generator.
    ///
    /// Only one where memory is measured, which is the same on several, and where switchings are compared.
    private static func standard(_ workload: Workload, allowed: Int) -> [Int] {
        guard workload.quantity != .memory, !workload.comparesSwitchings else { return [1] }
        let most = min(workload.isServer ? allowed - 1 : allowed, range.upperBound)
        return most > 1 ? [1, most] : [1]
    }

    private func variants(of variants: [SchedulerVariant], _ counts: [Int]) -> [SchedulerVariant] {
        variants.flatMap { variant in
            (variant.backend.isParallel ? counts : [1]).map { count in
                let workers = count == 1 ? nil : count
                return SchedulerVariant(backend: variant.backend, switching: variant.switching, workers: workers)
            }
        }.unique
    }
}
