// SPDX-License-Identifier: Apache-2.0

/// Why a part of a handler's response is refused.
///
/// Nothing of the refused part is sent. If the handler does not catch the error, the client gets status 500, or, if the
/// response has begun, notices that it is incomplete.
public enum HTTPResponseError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The status is not one of a final response: below 200 the client would wait for another one, and above 999 it is
    /// not three digits.
    case invalidStatus(HTTPStatus)
    /// The name of a field is not a token, or its value has a control character such as CR, LF or NUL.
    case invalidField(String)
    /// The server writes this field itself.
    case reservedField(String)
    /// The announced length of the body is negative.
    case negativeLength(Int)
    /// The part exceeds the announced length of the body: the client would read the excess as another response.
    case bodyTooLong(count: Int, left: Int)
    /// The response has begun already: a request is responded to only once.
    case alreadyBegun
    /// No response is in progress that could be continued or ended.
    case notBegun

    /// A sentence without a full stop.
    public var description: String {
        switch self {
        case .invalidStatus(let status):
            "\(status.rawValue) is not the status of a final response, which is from 200 to 999"
        case .invalidField(let name): "the field '\(name)' has a character that is not allowed in its name or value"
        case .reservedField(let name): "the server writes the field '\(name)' itself"
        case .negativeLength(let length): "a body cannot have the length \(length)"
        case .bodyTooLong(let count, let left):
            "the handler wrote \(count) bytes of body, but only \(left) of the announced length are left"
        case .alreadyBegun: "a request can be responded to only once"
        case .notBegun: "write or endResponse was called outside beginResponse and endResponse"
        }
    }
}
