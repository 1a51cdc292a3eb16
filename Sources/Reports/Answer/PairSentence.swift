// SPDX-License-Identifier: Apache-2.0

import Measurement

/// Sentences on pairs of schedulers, for the end of the first screen.
enum PairSentence {
    /// What a backend costs, compared with the reference.
    static func backend(_ pair: SideBySide.Pair, _ names: SchedulerNames) -> String {
        let (own, other) = (names.name(pair.scheduler), names.name(pair.reference))
        let told = told(pair).map { kind, ratio in "\(Wording.factor(ratio)) (\(kind.title))" }
        guard !told.isEmpty else { return "This run cannot tell \(own) from \(other)." }
        let rest = told.count < pair.ratios.count ? "; rest undecided" : ""
        return "\(own) costs \(told.joined(separator: ", ")) as much as \(other)\(rest)."
    }

    /// What several workers cost, compared with one; nil where no backend ran with several.
    static func workers(_ pairs: [SideBySide.Pair], _ names: SchedulerNames) -> String? {
        let parts = pairs.filter { $0.question == .workers }.map { pair in
            let ratios = told(pair).map(\.ratio).sorted()
            guard let least = ratios.first, let most = ratios.last else {
                return "\(names.name(pair.scheduler)): undecided"
            }
            let range = [least, most].map(Wording.factor).unique.joined(separator: "-")
            return "\(names.name(pair.scheduler)): \(range)"
        }
        return parts.isEmpty ? nil : "Cost against one worker: \(parts.joined(separator: "; "))."
    }

    /// The kinds of load for which the run can tell the two apart.
    private static func told(_ pair: SideBySide.Pair) -> [(kind: LoadKind, ratio: Double)] {
        LoadKind.allCases.compactMap { kind in
            pair.ratios[kind].flatMap { $0.isTold ? (kind, $0.comparison.ratio) : nil }
        }
    }
}
