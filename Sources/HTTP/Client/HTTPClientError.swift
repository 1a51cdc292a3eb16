// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

/// Why a page could not be fetched.
public struct HTTPClientError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: Sendable {
        /// The text is no URL that can be fetched.
        case invalidURL
        /// The request has a method or field that cannot be sent.
        case invalidRequest
        /// The host's name or address is not known, or nobody answers there.
        case cannotConnect
        /// The connection ended before the reply was complete.
        case connectionClosed
        /// The reply is no HTTP.
        case malformedReply
        /// The reply has a longer head or body than the client takes.
        case replyTooLarge
        /// The page redirected more often than is followed.
        case tooManyRedirects
        /// The page redirected to what is no URL that can be fetched.
        case unsupportedRedirect
        /// The deadline has passed.
        case timedOut
    }

    /// The kind of failure.
    public let code: Code
    /// The URL that could not be fetched; after redirects, the last one.
    public let url: String
    /// What is wrong, and what would be right.
    public let reason: String

    /// A sentence that names the URL.
    public var description: String { "'\(url)' cannot be fetched: \(reason)" }

    init(_ code: Code, _ url: String, _ reason: String) {
        self.code = code
        self.url = url
        self.reason = reason
    }
}

extension HTTPClientError {
    init(_ error: InvalidURL) { self.init(.invalidURL, error.url, error.explanation) }

    init(from url: PageURL, to error: InvalidURL) {
        self.init(.unsupportedRedirect, url.text, "it redirects to '\(error.url)', but \(error.explanation)")
    }

    init(tooManyRedirects most: Int, _ url: PageURL) {
        self.init(.tooManyRedirects, url.text, "it is one redirect too many, and \(most) are followed")
    }

    init(_ error: HTTPError, _ url: PageURL, _ limits: HTTPLimits) {
        switch error {
        case .truncated: self.init(.connectionClosed, url.text, "the server closed the connection within its reply")
        case .headTooLong, .tooManyFields, .bodyTooLong, .chunkExtensionsTooLong, .trailersTooLong:
            let allowed = "a head may have \(limits.head) bytes in \(limits.fields) fields, a body \(limits.body)"
            self.init(.replyTooLarge, url.text, "of the reply, \(error.description); \(allowed)")
        default: self.init(.malformedReply, url.text, "of the reply, \(error.description)")
        }
    }

    /// What an error of a connection means to whoever wanted the page; itself, where it is not the connection's.
    static func explain(_ error: any Error, _ url: PageURL, _ limits: HTTPLimits) -> any Error {
        switch error {
        case let error as HTTPError: return HTTPClientError(error, url, limits)
        case is NoReply:
            return HTTPClientError(.connectionClosed, url.text, "the server closed the connection without a reply")
        case let error as SchedulerError where error.code == .timedOut:
            return HTTPClientError(.timedOut, url.text, "the deadline passed before the reply was complete")
        case let error as SchedulerError where error.code == .system:
            return HTTPClientError(.cannotConnect, url.text, error.message)
        default: return error
        }
    }
}
