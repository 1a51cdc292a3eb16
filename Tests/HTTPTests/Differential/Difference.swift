// SPDX-License-Identifier: Apache-2.0

/// In what our parser and NIO's differ, and why that is so.
///
/// A comparison that finds them different passes only if one of these explains it, which looks at the message in question.
/// Each has an example, so that one that explains nothing any more is noticed.
struct Difference: Sendable, CustomStringConvertible {
    /// What a connection received.
    enum Example: Sendable {
        /// Requests.
        case requests(String)
        /// Responses, to requests of these methods.
        case responses(String, to: [String])
    }

    /// What the message has.
    let name: String
    /// Why it is read as it is.
    let reason: String
    /// A connection in which they differ in this, and in nothing else.
    let example: Example
    private let predicate: @Sendable (Comparison) -> Bool
    private let changesBody: Bool

    /// A difference between the parsers, if a predicate holds.
    ///
    /// Unless it changes the body, both have the same bytes of it as far as they have it.
    init(
        _ name: String,
        because reason: String,
        example: Example,
        changesBody: Bool = false,
        _ predicate: @escaping @Sendable (Comparison) -> Bool
    ) {
        self.name = name
        self.reason = reason
        self.example = example
        self.changesBody = changesBody
        self.predicate = predicate
    }

    var description: String { name }

    /// Whether this is what a comparison found.
    ///
    /// If both have the message's head, it is the same.
    func explains(_ comparison: Comparison) -> Bool {
        comparison.hasSameHead && (changesBody || comparison.hasSameBody) && predicate(comparison)
    }

    /// All there are.
    static let all = refusedByUs + refusedByThem + notLookedAt

    /// The first one that explains what a comparison found.
    static func first(explaining comparison: Comparison) -> Difference? { all.first { $0.explains(comparison) } }
}
