// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

/// Why a page could not be fetched.
public struct HTTPClientError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: Sendable {
        /// The URL is not valid, or its scheme is not supported.
        case invalidURL
        /// The method or a field cannot be sent.
        case invalidRequest
        /// The host cannot be resolved, or refuses connections.
        case cannotConnect
        /// The connection ended before the response was complete.
        case connectionClosed
        /// The response is not valid HTTP.
        case malformedResponse
        /// The response's head or body exceeds the client's limits.
        case responseTooLarge
        /// The page redirects more often than the client follows.
        case tooManyRedirects
        /// The page redirects to a URL that is not valid or not supported.
        case unsupportedRedirect
        /// The deadline has passed.
        case timedOut
    }

    /// The kind of failure.
    public let code: Code
    /// The URL that could not be fetched; after redirects, the last one.
    public let url: String
    /// What is wrong, and what is allowed.
    public let reason: String

    /// A sentence that names the URL.
    public var description: String { "cannot fetch '\(url)': \(reason)" }

    init(_ code: Code, _ url: String, _ reason: String) {
        self.code = code
        self.url = url
        self.reason = reason
    }
}

extension HTTPClientError {
    init(_ error: InvalidURL) { self.init(.invalidURL, error.url, error.explanation) }

    init(from url: PageURL, to error: InvalidURL) {
        self.init(.unsupportedRedirect, url.text, "it redirects to '\(error.url)': \(error.explanation)")
    }

    package init(tooManyRedirects limit: Int, _ url: PageURL) {
        self.init(.tooManyRedirects, url.text, "stopped after \(limit) redirects")
    }

    init(_ error: HTTPError, _ url: PageURL, _ limits: HTTPLimits) {
        switch error {
        case .truncated: self.init(.connectionClosed, url.text, "the server closed the connection mid-response")
        case .headTooLong, .tooManyFields, .bodyTooLong, .chunkExtensionsTooLong, .trailersTooLong:
            let allowed =
                "at most \(limits.head) bytes of head, \(limits.fields) fields and \(limits.body) bytes of body"
            self.init(.responseTooLarge, url.text, "response: \(error.description); \(allowed)")
        default: self.init(.malformedResponse, url.text, "response: \(error.description)")
        }
    }

    /// Maps an error of a connection to the caller's view; returns any other error unchanged.
    package static func explain(_ error: any Error, _ url: PageURL, _ limits: HTTPLimits) -> any Error {
        switch error {
        case let error as HTTPError: return HTTPClientError(error, url, limits)
        case is ServerClosedConnection:
            return HTTPClientError(.connectionClosed, url.text, "the server closed the connection without a response")
        case let error as SchedulerError where error.code == .timedOut:
            return HTTPClientError(.timedOut, url.text, "the deadline passed before the response was complete")
        case let error as SchedulerError where error.code == .system:
            return HTTPClientError(.cannotConnect, url.text, error.message)
        default: return error
        }
    }
}
