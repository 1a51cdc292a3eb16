// SPDX-License-Identifier: Apache-2.0

/// A property of the machine or of this process that decides how far repeated measurements scatter.
package struct Condition: Sendable, Equatable {
    /// What a condition means for the figures.
    package enum Verdict: Sendable, Equatable, CaseIterable {
        /// It adds no noise worth a change.
        case fine
        /// It widens the intervals, or shifts the figures of this machine alone.
        case widens
        /// Something is not there; the figures are the same without it, but there are fewer of them.
        case lacks
        /// The machine does not tell, which is not the same as fine.
        case unknown
    }

    /// The name: "steal time".
    package let name: String
    /// What was observed, with its unit; nil if the verdict is ``Verdict/unknown``.
    package let value: String?
    /// What it means.
    package let verdict: Verdict
    /// What to do about it, as one sentence; nil if the verdict is ``Verdict/fine``.
    package let advice: String?

    private init(_ name: String, _ value: String?, _ verdict: Verdict, _ advice: String?) {
        self.name = name
        self.value = value
        self.verdict = verdict
        self.advice = advice
    }

    /// A condition that needs no change.
    package static func fine(_ name: String, _ value: String) -> Condition { Condition(name, value, .fine, nil) }

    /// A condition that adds noise.
    package static func widens(_ name: String, _ value: String, _ advice: String) -> Condition {
        Condition(name, value, .widens, advice)
    }

    /// A condition without which some figures cannot be taken.
    package static func lacks(_ name: String, _ value: String, _ advice: String) -> Condition {
        Condition(name, value, .lacks, advice)
    }

    /// A condition that cannot be observed; the advice says why, or where else to look.
    package static func unknown(_ name: String, _ advice: String) -> Condition {
        Condition(name, nil, .unknown, advice)
    }
}
