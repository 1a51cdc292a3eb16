// SPDX-License-Identifier: Apache-2.0

import Measurement

extension Wording {
    /// What the comparison of two runs says about a row.
    static func finding(_ finding: ComparedRow.Finding) -> String {
        switch finding {
        case .change(let change): verdict(change.verdict)
        case .incomparable(let reason): "not comparable: \(Self.reason(reason))"
        }
    }

    /// The verdict on a change.
    static func verdict(_ verdict: Change.Verdict) -> String {
        switch verdict {
        case .worse: "worse"
        case .better: "better"
        case .negligible: Self.verdict(Verdict.negligible)
        case .undecided: Self.verdict(Verdict.undecided)
        case .unknown: Self.verdict(Verdict.unknown)
        case .belowResolution: Self.verdict(Verdict.belowResolution)
        }
    }

    private static func reason(_ reason: Incomparability) -> String {
        switch reason {
        case .onlyInOld: "only in OLD"
        case .onlyInNew: "only in NEW"
        case .status(let old, let new): statuses(old: old, new: new)
        case .unit: "the unit differs"
        case .direction: "the direction differs"
        case .notPositiveInOld: "a value in OLD is not positive"
        case .notPositiveInNew: "a value in NEW is not positive"
        case .slowInOld: "OLD did not run at full speed"
        case .slowInNew: "NEW did not run at full speed"
        }
    }

    private static func statuses(old: TrialStatus, new: TrialStatus) -> String {
        [(old, "OLD"), (new, "NEW")].filter { $0.0 != .ok }.map { "\(status($0.0)) in \($0.1)" }.joined(separator: ", ")
    }
}
