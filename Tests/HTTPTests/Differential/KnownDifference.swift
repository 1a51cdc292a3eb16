// SPDX-License-Identifier: Apache-2.0

/// A known difference between our parser and NIO's, and the reason for it.
///
/// A comparison that finds the parsers at odds passes only if one of these explains the message in question. Each has
/// an example, so that one that no longer explains anything is noticed.
struct KnownDifference: Sendable, CustomStringConvertible {
    /// What a connection receives.
    enum Example: Sendable {
        /// Requests.
        case requests(String)
        /// Responses to requests with these methods.
        case responses(String, to: [String])
    }

    /// The property of the message that makes the difference.
    let name: String
    /// Why our parser does what it does.
    let reason: String
    /// A connection on which the parsers differ in this and nothing else.
    let example: Example
    private let predicate: @Sendable (Comparison) -> Bool
    private let changesBody: Bool

    /// Creates a difference that explains the comparisons that satisfy a predicate.
    ///
    /// Unless `changesBody` is set, both parsers must agree on the bytes of the body, as far as both go.
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

    /// Whether this explains what a comparison found.
    ///
    /// If both parsers have the message's head, the heads must be equal.
    func explains(_ comparison: Comparison) -> Bool {
        comparison.hasSameHead && (changesBody || comparison.hasSameBody) && predicate(comparison)
    }

    /// All known differences.
    static let all = oursRejects + nioRejects + unread

    /// The first difference that explains a comparison.
    static func first(explaining comparison: Comparison) -> KnownDifference? { all.first { $0.explains(comparison) } }
}
