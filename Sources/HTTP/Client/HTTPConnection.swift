// SPDX-License-Identifier: Apache-2.0

package import Tasklets

/// A connection to a server: sends requests and receives their replies, one after another.
///
/// One tasklet at a time uses it. The last reply stays in its memory until the next request, and can be looked at there;
/// so an exchange allocates nothing, unless the reply is larger than any before.
package final class HTTPConnection: @unchecked Sendable {
    // SAFETY: the tasklet that uses it has it to itself; a pool hands it over with a lock.
    private let stream: TCPStream
    private var reader: ReplyReader

    /// Uses a connection on which nothing has been sent yet.
    package init(_ stream: TCPStream, limits: HTTPLimits = HTTPLimits()) {
        self.stream = stream
        reader = ReplyReader(limits: limits)
    }

    /// Connects to a URL's host.
    ///
    /// - Throws: as ``TCPStream/connect(host:port:deadline:)``.
    package static func connect(
        to url: PageURL,
        limits: HTTPLimits = HTTPLimits(),
        deadline: ContinuousClock.Instant? = nil
    ) async throws -> HTTPConnection {
        let stream = try await TCPStream.connect(host: url.host, port: url.port, deadline: deadline)
        return HTTPConnection(stream, limits: limits)
    }

    /// Closes the connection; an exchange in progress throws.
    package func close() { stream.close() }

    // MARK: - The last reply

    /// Its status.
    ///
    /// Traps where no reply has come.
    package var status: HTTPStatus { head.status }

    /// Its head.
    ///
    /// Traps where no reply has come.
    package var head: ResponseHead {
        guard let head = reader.head else { preconditionFailure("no reply has come on this connection") }
        return head
    }

    /// How many bytes its body has, decoded.
    package var bodyLength: Int { reader.bodyLength }

    /// Shows its body where it is.
    package func withBody<R: ~Copyable, E: Error>(_ look: (RawSpan) throws(E) -> R) throws(E) -> R {
        try reader.withBody(look)
    }

    /// Shows the bytes that the places in ``head`` count in.
    package func withHead<R: ~Copyable, E: Error>(_ look: (RawSpan) throws(E) -> R) throws(E) -> R {
        try reader.withHead(look)
    }

    /// Whether another request can be sent: the last reply is complete, and the server did not say that it closes.
    ///
    /// It may have closed all the same: then the next exchange throws ``NoReply``.
    package var isReusable: Bool { reader.leavesConnectionUsable }

    /// Whether nothing has come since the last reply: no bytes, which nobody has asked for, no end, and no failure.
    ///
    /// Does not wait. Where it is false, the connection is of no use any more, for what came would be taken for the next
    /// reply.
    func isQuiet() -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { byte in
            do { return try stream.readAtOnce(into: byte) == nil } catch { return false }
        }
    }

    /// Gives back what memory only a long reply has needed; that reply is forgotten.
    func shrink() { reader.shrink() }

    // MARK: - An exchange

    /// Sends a request, and receives the reply to it; those that only inform are skipped.
    ///
    /// Whatever it throws, the connection is closed then.
    ///
    /// - Throws: ``NoReply`` where the connection ended before any of the reply; ``HTTPError`` where it is refused;
    ///   ``SchedulerError`` with code `timedOut` when the deadline has passed; or what was thrown into the tasklet.
    package func exchange(_ request: PreparedRequest, deadline: ContinuousClock.Instant? = nil) async throws {
        reader.expectReply(to: request.method)
        do {
            try await send(request, deadline)
            while try await !receive(deadline) {}
        } catch {
            close()
            throw error
        }
    }

    /// That the server does not listen any more is no error yet: it may have replied before it read everything.
    private func send(_ request: PreparedRequest, _ deadline: ContinuousClock.Instant?) async throws {
        do {
            try await stream.write(request.bytes, deadline: deadline)
        } catch let error as SchedulerError where error.code == .system {}
    }

    /// Returns whether the reply is complete.
    private func receive(_ deadline: ContinuousClock.Instant?) async throws -> Bool {
        let count = try await read(deadline)
        if count > 0 { return try reader.receive(count) }
        guard reader.hasBegun else { throw NoReply() }
        try reader.end()
        return true
    }

    /// Returns how many bytes have come; 0 at the end.
    ///
    /// A connection that fails within a reply has cut it off, even where the reply would go on to the end.
    private func read(_ deadline: ContinuousClock.Instant?) async throws -> Int {
        do {
            return try await stream.read(into: reader.makeRoom(), deadline: deadline)
        } catch let error as SchedulerError where error.code == .system {
            guard reader.hasBegun else { throw NoReply() }
            throw HTTPError.truncated
        }
    }
}

/// A connection ended before any of a reply had come.
package struct NoReply: Error {}
