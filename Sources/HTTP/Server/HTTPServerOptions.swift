// SPDX-License-Identifier: Apache-2.0

/// What an ``HTTPServer`` allows.
public struct HTTPServerOptions: Sendable {
    /// How many connections it serves at the same time; others wait in the kernel's backlog.
    public var connections = 16_384
    /// How long a connection may be idle between two requests.
    public var idleTimeout = Duration.seconds(60)
    /// How long a request's head may take from its first byte to its last, and how long each part of a body may take to
    /// come, or of a response to go: what keeps a slow peer from holding a place for ever.
    public var requestTimeout = Duration.seconds(10)
    /// How long requests in progress may take when the server stops.
    public var grace = Duration.seconds(5)
    /// The most bytes that a request's body may have.
    public var bodyLimit = 16 << 20

    /// The defaults.
    public init() {}

    /// What the parser allows.
    var limits: HTTPLimits { HTTPLimits(body: bodyLimit) }
}

/// What an ``HTTPServer`` has done, by the connections that have ended.
public struct HTTPServerCounters: Sendable, Equatable {
    /// Connections.
    public var connections = 0
    /// Requests whose heads were read.
    public var requests = 0
    /// Responses with a status below 400.
    public var successes = 0
    /// Responses with a status of 400 to 499.
    public var clientErrors = 0
    /// Responses with a status of 500 and above.
    public var serverErrors = 0
    /// Bytes received.
    public var bytesReceived = 0
    /// Bytes sent.
    public var bytesSent = 0

    /// None yet.
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
