// SPDX-License-Identifier: Apache-2.0

/// The combined value of a message's Transfer-Encoding fields.
enum TransferEncoding: Sendable {
    /// There is no such field.
    case absent
    /// `chunked` alone, the only supported coding.
    case chunked
    /// Unsupported codings with `chunked` last.
    case unknownThenChunked
    /// Unsupported codings without `chunked`.
    case unknown
    /// Something after `chunked`, or an empty list element.
    case malformed

    /// Adds a field's value.
    ///
    /// Empty list elements are rejected, although RFC 9110 has recipients ignore them elsewhere: a peer that parses
    /// such a list differently would see a different body.
    mutating func add(_ value: Range<Int>, of bytes: RawSpan) {
        bytes.forEachElement(in: value) { element in
            switch self {
            case .malformed: break
            case .chunked, .unknownThenChunked: self = .malformed
            case .absent, .unknown:
                if element.isEmpty {
                    self = .malformed
                } else if bytes.has("chunked", at: element) {
                    self = self == .absent ? .chunked : .unknownThenChunked
                } else {
                    self = .unknown
                }
            }
        }
    }
}
