// SPDX-License-Identifier: Apache-2.0

/// The limits of an ``HTTPServer``.
///
/// A time of zero or less has passed at once; a number below its minimum counts as the minimum.
public struct HTTPServerOptions: Sendable {
    // MARK: Connections

    /// The maximum number of connections that are served, at least 1.
    ///
    /// When there are as many, the next one takes the place of the one that has been idle longest; if none is idle, it
    /// waits for a place, and further ones wait in the kernel's backlog.
    public var connections = 16_384
    /// The maximum number of connections from one address, at least 1; nil for no limit.
    ///
    /// Further ones are closed as soon as they are accepted. The addresses of an IPv6 network of 64 bits count as one,
    /// because one client may have them all.
    public var connectionsPerAddress: Int?

    // MARK: Times

    /// How long a connection may stay idle between two requests.
    ///
    /// nginx calls it `keepalive_timeout`.
    public var idleTimeout = Duration.seconds(60)
    /// How long a request's head may take to arrive in total, from its first byte on.
    ///
    /// nginx calls it `client_header_timeout`, and Go `ReadHeaderTimeout`.
    public var headTimeout = Duration.seconds(10)
    /// How long the server waits for a request's body in total.
    public var bodyTimeout = Duration.seconds(300)
    /// How long the server waits for a part of a request's body, or until the client takes a part of a response.
    ///
    /// nginx calls it `client_body_timeout` and `send_timeout`.
    public var progressTimeout = Duration.seconds(10)
    /// The minimum rate of bodies both ways, in bytes a second; 0 for no minimum.
    ///
    /// It is checked after each ``progressTimeout`` that the server has waited for the client. What the kernel has
    /// taken counts as sent, so a response that fits its buffers is sent at once.
    public var minimumRate = 1_024
    /// How long requests in progress may take once the server stops.
    public var grace = Duration.seconds(5)

    // MARK: Sizes

    /// The maximum size of a request's body, in bytes.
    public var bodyLimit = 16 << 20

    /// The default limits.
    public init() {}

    /// The parser's limits.
    var limits: HTTPLimits { HTTPLimits(body: bodyLimit) }
}
