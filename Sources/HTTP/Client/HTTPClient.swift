// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

/// Fetches pages for the tasklets of one scheduler, and keeps connections to use them again.
///
/// A call looks as if it blocked: its tasklet waits, and all others run. A request is sent on a connection that is idle, if
/// there is one on which nothing has come since its last reply. The server may be about to close that all the same, and then
/// the request is sent again, once, on a new one. Only methods that can be repeated are sent that way; others (POST) always
/// have a new connection.
///
/// Killing a tasklet ends its call, and closes the connection. Redirects are followed, ten at most; only `http` is known.
public final class HTTPClient: Sendable {
    private let pool: ConnectionPool
    private let limits: HTTPLimits
    private let owner: ObjectIdentifier

    /// How many redirects are followed in a row.
    static let mostRedirects = 10

    /// Creates a client for the scheduler of the calling tasklet.
    ///
    /// It is of use as long as that runs. Let go of, it closes its connections. Traps outside any tasklet.
    ///
    /// - Parameters:
    ///   - connectionsPerHost: how many connections there are to one host and port at the same time; those who want more
    ///     wait. Traps where it is less than 1.
    ///   - idleTime: how long an unused connection may be used again. Those that are older are closed when a new connection
    ///     is opened, to any host, and not before.
    ///   - head: how many bytes the head of a reply may have.
    ///   - body: how many bytes the body may have, decoded.
    public init(
        connectionsPerHost: Int = 256,
        idleTime: Duration = .seconds(30),
        head: Int = 16_384,
        body: Int = 64 << 20
    ) {
        guard connectionsPerHost > 0 else {
            fatalError("a client needs 1 connection per host or more, and \(connectionsPerHost) were given")
        }
        pool = ConnectionPool(most: connectionsPerHost, idleTime: idleTime)
        limits = HTTPLimits(head: head, body: body)
        owner = ObjectIdentifier(Tasklet.scheduler)
    }

    /// The client that ``getPage(_:deadline:)`` uses: one for each run of a scheduler, at whose end it is let go of.
    ///
    /// Traps outside any tasklet.
    public static var shared: HTTPClient { Tasklet.shared { HTTPClient() } }

    /// Fetches a page.
    ///
    /// - Throws: as ``request(method:url:headers:body:deadline:)``.
    public func get(_ url: String, deadline: ContinuousClock.Instant? = nil) async throws -> HTTPPage {
        try await request(url: url, deadline: deadline)
    }

    /// Sends a request, and returns what comes of it in the end.
    ///
    /// - Parameters:
    ///   - method: with 303, and after a POST with 301 and 302, redirects are followed with GET.
    ///   - url: `http://host:port/path?query`; what is not ASCII must be percent-encoded.
    ///   - headers: fields to be sent, beside those that say where the message goes and how long it is.
    ///   - body: what is sent after the head.
    ///   - deadline: when it throws, if all is not over by then.
    /// - Returns: the page, whatever its status.
    /// - Throws: ``HTTPClientError``; ``SchedulerError`` with code `wrongScheduler` where the client is another scheduler's;
    ///   or what was thrown into the tasklet while it waited.
    public func request(
        method: HTTPMethod = .get,
        url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        deadline: ContinuousClock.Instant? = nil
    ) async throws -> HTTPPage {
        try checkCaller()
        var order = try PageOrder(method, url, headers, body)
        for _ in 0...Self.mostRedirects {
            let page = try await fetch(order, deadline)
            guard let next = try order.redirected(by: page) else { return page }
            order = next
        }
        throw HTTPClientError(tooManyRedirects: Self.mostRedirects, order.url)
    }

    /// Closes the connections that nobody uses.
    ///
    /// A server in the same scheduler may wait for requests on them, and so keep `run` from returning.
    public func closeIdleConnections() { pool.closeIdle() }

    private func checkCaller() throws {
        guard ObjectIdentifier(Tasklet.scheduler) == owner else {
            throw SchedulerError(.wrongScheduler, "the client belongs to another scheduler than the calling tasklet")
        }
    }

    // MARK: - One request

    private func fetch(_ order: PageOrder, _ deadline: ContinuousClock.Instant?) async throws -> HTTPPage {
        let request = try order.prepare()
        do {
            return try await fetch(request, order.url, deadline)
        } catch {
            throw HTTPClientError.explain(error, order.url, limits)
        }
    }

    private func fetch(
        _ request: PreparedRequest,
        _ url: PageURL,
        _ deadline: ContinuousClock.Instant?
    ) async throws -> HTTPPage {
        let host = HostKey(url)
        try await pool.enter(host, until: deadline)
        var reusable: HTTPConnection?
        defer { pool.leave(host, keeping: reusable) }
        let connection = try await exchange(request, url, deadline)
        if connection.isReusable { reusable = connection }
        return HTTPPage(connection, url: url.text)
    }

    /// Returns the connection that has the reply.
    private func exchange(
        _ request: PreparedRequest,
        _ url: PageURL,
        _ deadline: ContinuousClock.Instant?
    ) async throws -> HTTPConnection {
        if let idle = takeIdle(for: request, url) {
            do {
                try await idle.exchange(request, deadline: deadline)
                return idle
            } catch is NoReply {
                // The server has closed it meanwhile; a new one takes its place.
            }
        }
        let connection = try await HTTPConnection.connect(to: url, limits: limits, deadline: deadline)
        try await connection.exchange(request, deadline: deadline)
        return connection
    }

    /// An idle connection that can be used again; where there is none, there is room to open one.
    private func takeIdle(for request: PreparedRequest, _ url: PageURL) -> HTTPConnection? {
        guard let idle = pool.take(to: HostKey(url), isNew: !request.method.isIdempotent) else { return nil }
        if idle.isQuiet() { return idle }
        // The server has closed it, or has sent what nobody asked for, such as that the next request comes too late.
        idle.close()
        return nil
    }
}
