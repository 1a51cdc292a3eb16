// SPDX-License-Identifier: Apache-2.0

/// Why a message is refused.
///
/// Whoever refuses a message answers it with ``status``, if it is a request, and closes the connection: where the next
/// message begins is not known any more.
public enum HTTPError: Error, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    // The first line.

    /// The method is missing, or has a character that is not a token's.
    case malformedMethod
    /// The method's name is longer than that of any method there is.
    case methodTooLong
    /// The target is missing, or has a character that must be percent-encoded, or is of no form that RFC 9112 knows.
    case malformedTarget
    /// The version is not `HTTP/` and two digits.
    case malformedVersion
    /// The major version is not 1.
    case unsupportedVersion
    /// The first line of a request is longer than the limit.
    case requestLineTooLong
    /// The first line of a response is no status line.
    case malformedStatusLine

    // The fields.

    /// A line feed without a carriage return, or the other way round.
    case malformedLineEnd
    /// A field's name is missing, or has a character that is not a token's, or is not followed by a colon.
    case malformedFieldName
    /// Blanks between a field's name and the colon.
    case spaceBeforeColon
    /// A line that goes on with the field before it, or blanks before the first field.
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
    /// A Host field that names no host.
    case malformedHost

    // Where the body ends.

    /// A Content-Length that is no number.
    case malformedContentLength
    /// Two Content-Length fields, be they equal or not.
    case repeatedContentLength
    /// Both a Content-Length and a Transfer-Encoding.
    case contentLengthWithTransferEncoding
    /// A Transfer-Encoding in which `chunked` is not the last coding, or stands twice.
    case malformedTransferEncoding
    /// A Transfer-Encoding with other codings than `chunked`.
    case unsupportedTransferEncoding
    /// A Transfer-Encoding in HTTP/1.0, which has none.
    case transferEncodingInHTTP10
    /// A chunk's size is missing, no hexadecimal number, or of more than 16 digits.
    case malformedChunkSize
    /// A chunk is not followed by a line end.
    case malformedChunkEnd
    /// The chunk extensions of a message are longer than the limit.
    case chunkExtensionsTooLong
    /// The body is longer than the limit.
    case bodyTooLong
    /// The fields after the last chunk are longer than the limit.
    case trailersTooLong

    // The connection.

    /// The connection ended within a message.
    case truncated
    /// Nothing was received for too long.
    case timedOut
}

extension HTTPError {
    /// What a server answers.
    ///
    /// For a malformed status line this is what a gateway answers that has met with such a server.
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

    /// One sentence.
    public var description: String {
        switch self {
        case .malformedMethod: "the first line does not begin with a method"
        case .methodTooLong: "the method's name is longer than \(HTTPMethod.maximumLength) characters"
        case .malformedTarget: "the request's target is no path, URL, authority or asterisk that may stand there"
        case .malformedVersion: "the version is not 'HTTP/1.0' or 'HTTP/1.1'"
        case .unsupportedVersion: "the version is not HTTP/1"
        case .requestLineTooLong: "the request's first line is longer than the limit"
        case .malformedStatusLine: "the first line is not 'HTTP/1.1', a status code of three digits and a phrase"
        case .malformedLineEnd: "a line does not end with carriage return and line feed"
        case .malformedFieldName: "a field does not begin with a name and a colon"
        case .spaceBeforeColon: "there is a blank between a field's name and its colon"
        case .foldedField: "a line of the head begins with a blank"
        case .malformedFieldValue: "a field's value has a control character"
        case .headTooLong: "the head is longer than the limit"
        case .tooManyFields: "the head has more fields than the limit"
        case .missingHost: "the request has no Host field"
        case .repeatedHost: "the request has more than one Host field"
        case .malformedHost: "the Host field names no host"
        case .malformedContentLength: "the Content-Length is no decimal number"
        case .repeatedContentLength: "there is more than one Content-Length"
        case .contentLengthWithTransferEncoding: "there is a Content-Length beside the Transfer-Encoding"
        case .malformedTransferEncoding: "'chunked' is not the last transfer coding, or not the only one of its kind"
        case .unsupportedTransferEncoding: "the Transfer-Encoding has another coding than 'chunked'"
        case .transferEncodingInHTTP10: "there is a Transfer-Encoding in a message of HTTP/1.0"
        case .malformedChunkSize: "a chunk's size is no hexadecimal number of at most 16 digits"
        case .malformedChunkEnd: "a chunk is longer than its size, or does not end its line"
        case .chunkExtensionsTooLong: "the chunk extensions are longer than the limit"
        case .bodyTooLong: "the body is longer than the limit"
        case .trailersTooLong: "the fields after the body are longer than the limit"
        case .truncated: "the connection ended within a message"
        case .timedOut: "nothing was received for too long"
        }
    }
}
