// SPDX-License-Identifier: Apache-2.0

package import Tasklets

/// A connection to a server.
///
/// Sends requests and receives their responses, one at a time.
///
/// Only one tasklet at a time may use it. The last response stays in the connection's memory, to be read in place,
/// until the next request; so an exchange allocates nothing unless the response is larger than any before.
package final class HTTPConnection: @unchecked Sendable {
    // SAFETY: one tasklet at a time uses it; the pool hands it over under a lock.
    package let stream: TCPStream
    private var reader: ResponseReader

    /// Wraps a stream on which nothing has been sent yet.
    package init(_ stream: TCPStream, limits: HTTPLimits = HTTPLimits()) {
        self.stream = stream
        reader = ResponseReader(limits: limits)
    }

    /// Connects to a URL's host.
    ///
    /// - Throws: the errors of ``TCPStream/connect(host:port:deadline:)``.
    package static func connect(
        to url: PageURL,
        limits: HTTPLimits = HTTPLimits(),
        deadline: ContinuousClock.Instant? = nil
    ) async throws -> HTTPConnection {
        let stream = try await TCPStream.connect(host: url.host, port: url.port, deadline: deadline)
        return HTTPConnection(stream, limits: limits)
    }

    /// Closes the connection.
    ///
    /// An exchange in progress throws.
    package func close() { stream.close() }

    // MARK: - The last response

    /// The status of the last response.
    ///
    /// Traps without one.
    package var status: HTTPStatus { head.status }

    /// The head of the last response.
    ///
    /// Traps without one.
    package var head: ResponseHead {
        guard let head = reader.head else { preconditionFailure("this connection has received no response") }
        return head
    }

    /// The length of the decoded body, in bytes.
    package var bodyLength: Int { reader.bodyLength }

    /// Calls `look` with the body in place.
    package func withBody<R: ~Copyable, E: Error>(_ look: (RawSpan) throws(E) -> R) throws(E) -> R {
        try reader.withBody(look)
    }

    /// Calls `look` with the bytes that the ranges in ``head`` index.
    package func withHead<R: ~Copyable, E: Error>(_ look: (RawSpan) throws(E) -> R) throws(E) -> R {
        try reader.withHead(look)
    }

    /// Whether another request can be sent: the last response is complete, and the server did not announce that it
    /// closes.
    ///
    /// The server may close the connection anyway; then the next exchange throws ``ServerClosedConnection``.
    package var isReusable: Bool { reader.allowsReuse }

    /// Whether nothing has arrived since the last response: no bytes, no end of stream, no failure.
    ///
    /// Does not block. If false, the connection must not be reused: the bytes would be read as the next response.
    package func isQuiet() -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { byte in
            do { return try stream.readAtOnce(into: byte) == nil } catch { return false }
        }
    }

    /// Frees the memory that only a long response needed, and discards that response.
    package func shrink() { reader.shrink() }

    // MARK: - An exchange

    /// Sends a request and receives its response, skipping informational ones.
    ///
    /// Closes the connection on any error.
    ///
    /// - Throws: ``ServerClosedConnection`` if the connection ended before the response began; ``HTTPError`` if the
    ///   response is malformed or too large; ``SchedulerError`` with code `timedOut` when the deadline has passed; or
    ///   the error thrown into the waiting tasklet.
    package func exchange(_ request: PreparedRequest, deadline: ContinuousClock.Instant? = nil) async throws {
        reader.expectResponse(to: request.method)
        do {
            try await send(request, deadline)
            while try await !receive(deadline) {}
        } catch {
            close()
            throw error
        }
    }

    /// A server that has stopped reading is not an error yet: it may have responded early.
    private func send(_ request: PreparedRequest, _ deadline: ContinuousClock.Instant?) async throws {
        do {
            try await stream.write(request.bytes, deadline: deadline)
        } catch let error as SchedulerError where error.code == .system {}
    }

    /// Returns whether the response is complete.
    private func receive(_ deadline: ContinuousClock.Instant?) async throws -> Bool {
        try received(try await read(deadline))
    }

    private func received(_ count: Int) throws -> Bool {
        if count > 0 { return try reader.receive(count) }
        guard reader.hasBegun else { throw ServerClosedConnection() }
        try reader.end()
        return true
    }

    /// Returns the number of bytes received, 0 at the end of the stream.
    ///
    /// A connection that fails in mid-response truncates it, even a response delimited by the end of the connection.
    private func read(_ deadline: ContinuousClock.Instant?) async throws -> Int {
        do {
            return try await stream.read(into: reader.makeRoom(), deadline: deadline)
        } catch {
            throw explain(error)
        }
    }

    private func explain(_ error: any Error) -> any Error {
        guard (error as? SchedulerError)?.code == .system else { return error }
        return reader.hasBegun ? HTTPError.truncated : ServerClosedConnection()
    }

    // MARK: - An exchange whose input and output are the caller's

    /// Begins an exchange: the caller is to write ``PreparedRequest/bytes`` to ``stream``, and then to read into
    /// ``makeRoom()`` until ``receive(_:)`` says that the response is complete.
    ///
    /// A write that fails with code `system` is no failure of the exchange yet: the server may have responded early.
    package func beginExchange(_ request: PreparedRequest) { reader.expectResponse(to: request.method) }

    /// The buffer for the next bytes, valid until the next call.
    package func makeRoom() -> UnsafeMutableRawBufferPointer { reader.makeRoom() }

    /// Takes the result of a read into ``makeRoom()``: the number of bytes, 0 at the end of the stream.
    ///
    /// - Returns: whether the response is complete.
    /// - Throws: as ``exchange(_:deadline:)``; the caller then closes the connection.
    package func receive(_ result: Result<Int, any Error>) throws -> Bool {
        switch result {
        case .success(let count): return try received(count)
        case .failure(let error): throw explain(error)
        }
    }
}

/// The connection ended before any byte of a response arrived.
package struct ServerClosedConnection: Error {}
