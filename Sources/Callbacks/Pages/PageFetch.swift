// SPDX-License-Identifier: Apache-2.0

internal import HTTP
internal import Tasklets

/// Fetches a page: connects, writes the request, reads the response, and follows its redirect by another one.
///
/// A callback begins the next operation, so at any time one is outstanding, and keeps the fetch alive. What cannot be
/// begun is the end of the fetch, as a failed operation is.
final class PageFetch: Sendable {
    private let reactor: Reactor
    private let request: ClientRequest
    private let prepared: PreparedRequest
    private let deadline: ContinuousClock.Instant?
    private let completion: Reactor.Completion<HTTPPage>
    /// How many redirects have led here.
    private let hops: Int

    /// Throws `HTTPClientError` where the request cannot be sent.
    init(
        _ reactor: Reactor,
        _ request: ClientRequest,
        until deadline: ContinuousClock.Instant?,
        after hops: Int = 0,
        _ completion: @escaping Reactor.Completion<HTTPPage>
    ) throws {
        self.reactor = reactor
        self.request = request
        prepared = try request.prepare()
        self.deadline = deadline
        self.completion = completion
        self.hops = hops
    }

    /// By the reactor.
    ///
    /// Throws where nothing could be begun; the completion is not called then.
    func begin() throws {
        if let idle = reactor.idle.take(to: HostKey(request.url)) { return try exchange(on: idle, isReused: true) }
        try connect()
    }

    private func connect() throws {
        let (host, port) = (request.url.host, request.url.port)
        try reactor.connect(host: host, port: port, deadline: deadline) { [self] result in
            try goOn {
                try exchange(on: HTTPConnection(result.get()), isReused: false)
                return nil
            }
        }
    }

    private func exchange(on connection: HTTPConnection, isReused: Bool) throws {
        connection.beginExchange(prepared)
        let bytes = UnsafeMutableRawBufferPointer(mutating: prepared.bytes)
        try reactor.queue.begin(.write, on: connection.stream, bytes, until: Deadline(deadline)) { [self] result in
            try goOn(closing: connection) {
                // A server that has stopped reading is not an error yet: it may have responded early.
                if case .failure(let error) = result, (error as? SchedulerError)?.code != .system { throw error }
                try receive(on: connection, isReused: isReused)
                return nil
            }
        }
    }

    private func receive(on connection: HTTPConnection, isReused: Bool) throws {
        let room = connection.makeRoom()
        try reactor.queue.begin(.read, on: connection.stream, room, until: Deadline(deadline)) { [self] result in
            try goOn(closing: connection) { try received(result, on: connection, isReused: isReused) }
        }
    }

    /// Returns the page, unless something has been begun.
    private func received(
        _ result: Result<Int, any Error>,
        on connection: HTTPConnection,
        isReused: Bool
    ) throws -> HTTPPage? {
        do {
            guard try connection.receive(result) else {
                try receive(on: connection, isReused: isReused)
                return nil
            }
        } catch is ServerClosedConnection where isReused {
            // The server closed it in the meantime; retry on a new connection.
            connection.close()
            try connect()
            return nil
        }
        let page = HTTPPage(connection, url: request.url.text)
        reactor.idle.keep(connection, to: HostKey(request.url))
        return try redirect(page)
    }

    /// Returns the page, unless it redirects to another one.
    private func redirect(_ page: HTTPPage) throws -> HTTPPage? {
        guard let next = try request.redirected(by: page) else { return page }
        guard hops < HTTPClient.maxRedirects else {
            throw HTTPClientError(tooManyRedirects: HTTPClient.maxRedirects, next.url)
        }
        try PageFetch(reactor, next, until: deadline, after: hops + 1, completion).begin()
        return nil
    }

    /// Takes a step, which begins something or returns the page, and calls back where that was the end.
    ///
    /// What the completion throws is not the fetch's.
    private func goOn(closing connection: HTTPConnection? = nil, _ step: () throws -> HTTPPage?) throws {
        let page: HTTPPage?
        do { page = try step() } catch {
            connection?.close()
            return try completion(.failure(HTTPClientError.explain(error, request.url, HTTPLimits())))
        }
        if let page { try completion(.success(page)) }
    }
}
