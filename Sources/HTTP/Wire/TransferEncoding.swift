// SPDX-License-Identifier: Apache-2.0

/// What the Transfer-Encoding fields of a message amount to.
enum TransferEncoding: Sendable {
    /// There is none.
    case absent
    /// `chunked`, and nothing else: the only one that can be read.
    case chunked
    /// Codings that are not known here, and `chunked` last.
    case unknownThenChunked
    /// Codings that are not known here, and no `chunked`.
    case unknown
    /// Something after `chunked`, or an empty place in the list.
    case malformed

    /// Adds the value of a field.
    ///
    /// Empty elements of the list are refused, although RFC 9110 has recipients skip them elsewhere: a peer that reads
    /// such a list otherwise would see another body.
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
