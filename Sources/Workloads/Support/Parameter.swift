// SPDX-License-Identifier: Apache-2.0

public import ParameterValues

/// A parameter of a workload that the user may set: a whole number, or one of several words.
public struct Parameter: Sendable, Equatable {
    /// What values are allowed.
    public enum Domain: Sendable, Equatable {
        /// Whole numbers in a range.
        case numbers(ClosedRange<Int>)
        /// Any of these words.
        case words([String])
    }

    /// The name on the command line, such as `messages`.
    public let name: String
    /// A few words on what it counts or chooses.
    public let summary: String
    /// The default.
    public let defaultValue: ParameterValue
    /// The default with `--quick`.
    public let quickValue: ParameterValue
    /// The values that a run measures where none is set; empty for the default alone.
    public let sweep: [ParameterValue]
    /// The allowed values.
    public let domain: Domain

    /// Creates a parameter that is a whole number.
    public init(
        _ name: String,
        _ summary: String,
        default defaultValue: Int,
        quick: Int,
        sweep: [Int] = [],
        in range: ClosedRange<Int>
    ) {
        self.name = name
        self.summary = summary
        self.defaultValue = .number(defaultValue)
        quickValue = .number(quick)
        self.sweep = sweep.map { .number($0) }
        domain = .numbers(range)
    }

    /// Creates a parameter that is one of the raw values of a type, which ``Parameters/choice(_:of:)`` turns back.
    public init<Choice: ParameterChoice>(_ name: String, _ summary: String, default choice: Choice) {
        self.name = name
        self.summary = summary
        defaultValue = .word(choice.rawValue)
        quickValue = .word(choice.rawValue)
        sweep = []
        domain = .words(Choice.allCases.map(\.rawValue))
    }

    /// Whether a value is allowed.
    public func allows(_ value: ParameterValue) -> Bool {
        switch (domain, value) {
        case (.numbers(let range), .number(let number)): range.contains(number)
        case (.words(let words), .word(let word)): words.contains(word)
        default: false
        }
    }
}

/// What a parameter chooses from; the raw values are the words on the command line.
public typealias ParameterChoice = RawRepresentable<String> & CaseIterable & Sendable
