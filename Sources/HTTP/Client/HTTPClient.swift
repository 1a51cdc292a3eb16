// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

/// Fetches pages for the tasklets of one scheduler, and keeps connections alive for reuse.
///
/// A call looks blocking: its tasklet parks while others run. A request uses an idle connection if there is one that
/// has received nothing since its last response. The server may be closing that connection already; then the request is
/// sent once more, on a new connection. Only idempotent methods use idle connections; others, such as POST, always open
/// a new one.
///
/// Killing a tasklet cancels its call and closes the connection. Up to ten redirects are followed. The only scheme is
/// `http`.
public final class HTTPClient: Sendable {
    private let pool: ConnectionPool
    private let limits: HTTPLimits
    private let owner: ObjectIdentifier

    /// The maximum number of redirects that one call follows.
    package static let maxRedirects = 10

    /// Creates a client for the scheduler of the calling tasklet.
    ///
    /// The client is valid while that scheduler runs. Dropping the last reference closes its connections. Traps outside
    /// a tasklet.
    ///
    /// - Parameters:
    ///   - connectionsPerHost: the maximum number of open connections to one host and port; further requests wait.
    ///     Traps if less than 1.
    ///   - idleTime: how long an unused connection stays reusable. Expired connections are closed only when a new
    ///     connection is opened, to any host.
    ///   - head: the maximum size of a response's head, in bytes.
    ///   - body: the maximum size of a response's decoded body, in bytes.
    public init(
        connectionsPerHost: Int = 256,
        idleTime: Duration = .seconds(30),
        head: Int = 16_384,
        body: Int = 64 << 20
    ) {
        guard connectionsPerHost > 0 else {
            fatalError("connectionsPerHost must be at least 1, but is \(connectionsPerHost)")
        }
        pool = ConnectionPool(limit: connectionsPerHost, idleTime: idleTime)
        limits = HTTPLimits(head: head, body: body)
        owner = ObjectIdentifier(Tasklet.scheduler)
    }

    /// The client behind ``getPage(_:deadline:)``: one for each run of a scheduler, released when the run ends.
    ///
    /// Traps outside a tasklet.
    public static var shared: HTTPClient { Tasklet.shared { HTTPClient() } }

    /// Fetches a page.
    ///
    /// - Throws: the errors of ``request(method:url:headers:body:deadline:)``.
    public func get(_ url: String, deadline: ContinuousClock.Instant? = nil) async throws -> HTTPPage {
        try await request(url: url, deadline: deadline)
    }

    /// Sends a request and returns the final response, after any redirects.
    ///
    /// - Parameters:
    ///   - method: the method. Redirects with status 303, and a POST's with 301 or 302, are followed with GET.
    ///   - url: `http://host:port/path?query`; non-ASCII characters must be percent-encoded.
    ///   - headers: fields to send besides Host, Connection, Content-Length and Transfer-Encoding, which the client
    ///     sets.
    ///   - body: the bytes to send after the head.
    ///   - deadline: when the call times out; nil for no time limit.
    /// - Returns: the page, whatever its status.
    /// - Throws: ``HTTPClientError``; `SchedulerError` with code `wrongScheduler` if the client belongs to another
    ///   scheduler; or the error thrown into the waiting tasklet.
    public func request(
        method: HTTPMethod = .get,
        url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        deadline: ContinuousClock.Instant? = nil
    ) async throws -> HTTPPage {
        try checkCaller()
        // There, idle connections can be looked at without waiting.
        guard SchedulerCore.currentNode() != nil else {
            return try await SchedulerCore.atHome {
                try await self.request(method: method, url: url, headers: headers, body: body, deadline: deadline)
            }
        }
        var request = try ClientRequest(method, url, headers, body)
        for _ in 0...Self.maxRedirects {
            let page = try await fetch(request, deadline)
            guard let next = try request.redirected(by: page) else { return page }
            request = next
        }
        throw HTTPClientError(tooManyRedirects: Self.maxRedirects, request.url)
    }

    /// Closes the idle connections.
    ///
    /// A server under the same scheduler may be waiting for requests on them, which keeps `run` from returning.
    public func closeIdleConnections() { pool.closeIdle() }

    private func checkCaller() throws {
        guard ObjectIdentifier(Tasklet.scheduler) == owner else {
            throw SchedulerError(.wrongScheduler, "the client belongs to another scheduler")
        }
    }

    // MARK: - One request

    private func fetch(_ request: ClientRequest, _ deadline: ContinuousClock.Instant?) async throws -> HTTPPage {
        let prepared = try request.prepare()
        do {
            return try await fetch(prepared, request.url, deadline)
        } catch {
            throw HTTPClientError.explain(error, request.url, limits)
        }
    }

    private func fetch(
        _ request: PreparedRequest,
        _ url: PageURL,
        _ deadline: ContinuousClock.Instant?
    ) async throws -> HTTPPage {
        let host = HostKey(url)
        try await pool.acquire(host, until: deadline)
        var reusable: HTTPConnection?
        defer { pool.release(host, keeping: reusable) }
        let connection = try await exchange(request, url, deadline)
        if connection.isReusable { reusable = connection }
        return HTTPPage(connection, url: url.text)
    }

    /// Returns the connection that holds the response.
    private func exchange(
        _ request: PreparedRequest,
        _ url: PageURL,
        _ deadline: ContinuousClock.Instant?
    ) async throws -> HTTPConnection {
        if let idle = takeIdle(for: request, url) {
            do {
                try await idle.exchange(request, deadline: deadline)
                return idle
            } catch is ServerClosedConnection {
                // The server closed it in the meantime; retry on a new connection.
            }
        }
        let connection = try await HTTPConnection.connect(to: url, limits: limits, deadline: deadline)
        try await connection.exchange(request, deadline: deadline)
        return connection
    }

    /// Takes a usable idle connection.
    ///
    /// Returns nil if no connection is idle, and then the caller may open one.
    private func takeIdle(for request: PreparedRequest, _ url: PageURL) -> HTTPConnection? {
        guard let idle = pool.take(to: HostKey(url), isNew: !request.method.isIdempotent) else { return nil }
        if idle.isQuiet() { return idle }
        // The server has closed it, or has sent something unsolicited, such as a 408.
        idle.close()
        return nil
    }
}
