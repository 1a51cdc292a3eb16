// SPDX-License-Identifier: Apache-2.0

/// A status code: RFC 9110, section 15.
public struct HTTPStatus: RawRepresentable, Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    /// The three digits.
    public var rawValue: UInt16

    /// Creates a status from any three digits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Creates a status from a literal, as in `status == 200`.
    public init(integerLiteral code: UInt16) { self.init(rawValue: code) }

    /// Whether it is 1xx: the final response is yet to come.
    public var isInformational: Bool { rawValue / 100 == 1 }

    /// Whether a response with this status ends with its head, whatever its fields say.
    public var hasNoBody: Bool { isInformational || self == .noContent || self == .notModified }

    /// The code and its reason phrase.
    public var description: String {
        let phrase = reasonPhrase
        return phrase.utf8CodeUnitCount == 0 ? "\(rawValue)" : "\(rawValue) \(phrase)"
    }

    // Computed, so that they are constants where they are used.

    /// The client should send the body.
    public static var `continue`: HTTPStatus { HTTPStatus(rawValue: 100) }
    /// The request succeeded.
    public static var ok: HTTPStatus { HTTPStatus(rawValue: 200) }
    /// The request succeeded, and the response has no body.
    public static var noContent: HTTPStatus { HTTPStatus(rawValue: 204) }
    /// The client's copy is current.
    public static var notModified: HTTPStatus { HTTPStatus(rawValue: 304) }
    /// The request is malformed.
    public static var badRequest: HTTPStatus { HTTPStatus(rawValue: 400) }
    /// The target does not exist.
    public static var notFound: HTTPStatus { HTTPStatus(rawValue: 404) }
    /// The target does not allow the method.
    public static var methodNotAllowed: HTTPStatus { HTTPStatus(rawValue: 405) }
    /// The client took too long to send its request.
    public static var requestTimeout: HTTPStatus { HTTPStatus(rawValue: 408) }
    /// The body exceeds the server's limit.
    public static var contentTooLarge: HTTPStatus { HTTPStatus(rawValue: 413) }
    /// The target exceeds the server's limit.
    public static var uriTooLong: HTTPStatus { HTTPStatus(rawValue: 414) }
    /// The head exceeds the server's limits.
    public static var headerFieldsTooLarge: HTTPStatus { HTTPStatus(rawValue: 431) }
    /// The server failed.
    public static var internalServerError: HTTPStatus { HTTPStatus(rawValue: 500) }
    /// The server does not support the method or transfer coding.
    public static var notImplemented: HTTPStatus { HTTPStatus(rawValue: 501) }
    /// An upstream server sent an invalid response.
    public static var badGateway: HTTPStatus { HTTPStatus(rawValue: 502) }
    /// The server is overloaded or shutting down.
    public static var serviceUnavailable: HTTPStatus { HTTPStatus(rawValue: 503) }
    /// The server does not support the major version.
    public static var versionNotSupported: HTTPStatus { HTTPStatus(rawValue: 505) }

    /// RFC 9110's reason phrase for the statuses above; empty for others.
    public var reasonPhrase: StaticString {
        switch rawValue {
        case 100: "Continue"
        case 200: "OK"
        case 204: "No Content"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 505: "HTTP Version Not Supported"
        default: ""
        }
    }
}
