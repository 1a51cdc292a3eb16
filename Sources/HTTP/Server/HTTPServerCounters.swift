// SPDX-License-Identifier: Apache-2.0

/// What an ``HTTPServer`` has done, over the connections that have ended.
public struct HTTPServerCounters: Sendable, Equatable {
    /// The number of connections.
    public var connections = 0
    /// The number of requests whose heads were read.
    public var requests = 0
    /// The number of responses with a status below 400.
    public var successes = 0
    /// The number of responses with a status from 400 to 499.
    public var clientErrors = 0
    /// The number of responses with a status of 500 or above.
    public var serverErrors = 0
    /// The number of bytes received.
    public var bytesReceived = 0
    /// The number of bytes sent.
    public var bytesSent = 0

    /// All zero.
    public init() {}

    mutating func count(_ status: HTTPStatus) {
        switch status.rawValue {
        case ..<400: successes += 1
        case ..<500: clientErrors += 1
        default: serverErrors += 1
        }
    }

    static func += (left: inout HTTPServerCounters, right: HTTPServerCounters) {
        left.connections += right.connections
        left.requests += right.requests
        left.successes += right.successes
        left.clientErrors += right.clientErrors
        left.serverErrors += right.serverErrors
        left.bytesReceived += right.bytesReceived
        left.bytesSent += right.bytesSent
    }
}
