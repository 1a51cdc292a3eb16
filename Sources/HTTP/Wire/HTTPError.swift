// SPDX-License-Identifier: Apache-2.0

/// Why a message is rejected.
///
/// A server that rejects a request responds with ``status`` and closes the connection, because it can no longer tell
/// where the next message begins.
public enum HTTPError: Error, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    // The first line.

    /// The method is missing or is not a token.
    case malformedMethod
    /// The method's name is longer than any real method's.
    case methodTooLong
    /// The target is missing, has a character that must be percent-encoded, or has none of the forms of RFC 9112.
    case malformedTarget
    /// The version is not `HTTP/` and two digits.
    case malformedVersion
    /// The major version is not 1.
    case unsupportedVersion
    /// The first line of a request is longer than the limit.
    case requestLineTooLong
    /// The first line of a response is not a status line.
    case malformedStatusLine

    // The fields.

    /// A line feed without a carriage return, or the reverse.
    case malformedLineEnd
    /// A field's name is missing, is not a token, or is not followed by a colon.
    case malformedFieldName
    /// Blanks between a field's name and its colon.
    case spaceBeforeColon
    /// A line that continues the field before it, or blanks before the first field.
    case foldedField
    /// A control character in a field's value.
    case malformedFieldValue
    /// The head is longer than the limit.
    case headTooLong
    /// There are more fields than the limit.
    case tooManyFields
    /// An HTTP/1.1 request without a Host field.
    case missingHost
    /// A request with two Host fields.
    case repeatedHost
    /// A Host field that is not a valid host and port.
    case malformedHost

    // Where the body ends.

    /// A Content-Length that is not a number.
    case malformedContentLength
    /// Two Content-Length fields, even if they are equal.
    case repeatedContentLength
    /// Both a Content-Length and a Transfer-Encoding.
    case contentLengthWithTransferEncoding
    /// A Transfer-Encoding in which `chunked` is not the last coding, or is repeated.
    case malformedTransferEncoding
    /// A Transfer-Encoding with a coding other than `chunked`.
    case unsupportedTransferEncoding
    /// A Transfer-Encoding in HTTP/1.0, which does not define it.
    case transferEncodingInHTTP10
    /// A chunk size that is missing, not hexadecimal, or longer than 16 digits.
    case malformedChunkSize
    /// A chunk extension has no name.
    case malformedChunkExtension
    /// A chunk is not followed by a line end.
    case malformedChunkEnd
    /// The chunk extensions of a message are longer than the limit.
    case chunkExtensionsTooLong
    /// The body is longer than the limit.
    case bodyTooLong
    /// The fields after the last chunk are longer than the limit.
    case trailersTooLong

    // The connection.

    /// The connection ended in mid-message.
    case truncated
    /// Nothing was received in time.
    case timedOut
}

extension HTTPError {
    /// The status of a server's response to such a request.
    ///
    /// For a malformed status line it is the status that a gateway would respond with.
    public var status: HTTPStatus {
        switch self {
        case .methodTooLong, .unsupportedTransferEncoding: .notImplemented
        case .unsupportedVersion: .versionNotSupported
        case .requestLineTooLong: .uriTooLong
        case .headTooLong, .tooManyFields, .trailersTooLong: .headerFieldsTooLarge
        case .bodyTooLong, .chunkExtensionsTooLong: .contentTooLarge
        case .timedOut: .requestTimeout
        case .malformedStatusLine: .badGateway
        default: .badRequest
        }
    }

    /// A sentence without a full stop.
    public var description: String {
        switch self {
        case .malformedMethod: "the first line does not begin with a method"
        case .methodTooLong: "the method's name is longer than \(HTTPMethod.maximumLength) characters"
        case .malformedTarget: "the request's target is not a valid path, URL, authority or asterisk"
        case .malformedVersion: "the version is not 'HTTP/1.0' or 'HTTP/1.1'"
        case .unsupportedVersion: "the version is not HTTP/1"
        case .requestLineTooLong: "the request's first line is longer than the limit"
        case .malformedStatusLine: "the first line is not 'HTTP/1.1', a three-digit status code and a phrase"
        case .malformedLineEnd: "a line does not end with a carriage return and a line feed"
        case .malformedFieldName: "a field does not begin with a name and a colon"
        case .spaceBeforeColon: "there is a blank between a field's name and its colon"
        case .foldedField: "a line of the head begins with a blank"
        case .malformedFieldValue: "a field's value has a control character"
        case .headTooLong: "the head is longer than the limit"
        case .tooManyFields: "the head has more fields than the limit"
        case .missingHost: "the request has no Host field"
        case .repeatedHost: "the request has more than one Host field"
        case .malformedHost: "the Host field is not a valid host and port"
        case .malformedContentLength: "the Content-Length is not a decimal number"
        case .repeatedContentLength: "there is more than one Content-Length field"
        case .contentLengthWithTransferEncoding: "there are both a Content-Length and a Transfer-Encoding"
        case .malformedTransferEncoding: "'chunked' is not the last transfer coding, or is repeated"
        case .unsupportedTransferEncoding: "the Transfer-Encoding has a coding other than 'chunked'"
        case .transferEncodingInHTTP10: "there is a Transfer-Encoding in an HTTP/1.0 message"
        case .malformedChunkSize: "a chunk's size is not a hexadecimal number of at most 16 digits"
        case .malformedChunkExtension: "a chunk extension has no name"
        case .malformedChunkEnd: "a chunk is longer than its size, or is not followed by a line end"
        case .chunkExtensionsTooLong: "the chunk extensions are longer than the limit"
        case .bodyTooLong: "the body is longer than the limit"
        case .trailersTooLong: "the fields after the body are longer than the limit"
        case .truncated: "the connection ended in mid-message"
        case .timedOut: "nothing was received in time"
        }
    }
}
