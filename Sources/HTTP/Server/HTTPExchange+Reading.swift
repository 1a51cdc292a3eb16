// SPDX-License-Identifier: Apache-2.0

internal import Synchronization
internal import Tasklets

/// How much of a request's body has been read.
struct BodyProgress {
    var decoder = BodyDecoder(.none)
    var isComplete = true
    /// Whether the client waits for `100 Continue` before it sends the body.
    var isAwaited = false
    /// How many bytes after the head have been read: they stay in the buffer until it receives more, so that a part
    /// costs no move of what follows it.
    var consumed = 0
}

/// Reads requests.
extension HTTPExchange {
    /// The size of a read within a body.
    private static let bodyRoom = 16 << 10
    /// The size of a read within a head; fits most long heads, or a batch of pipelined requests.
    private static let headRoom = 4 << 10

    // MARK: Heads

    // An idle connection is parked deep in here, and pays for every byte that these functions keep in their frames. So
    // whatever does not suspend lives in functions of its own that must not be inlined.

    /// Reads the next head; false if the connection ends, or must end, before one begins.
    func readHead() async throws -> Bool {
        if input.isEmpty {
            guard try await receiveFirst() else { return false }
        }
        return try parseHead() ? true : try await readRestOfHead()
    }

    private func readRestOfHead() async throws -> Bool {
        let deadline = requestDeadline()
        while try !parseHead() {
            guard try await receiveMore(Self.headRoom, until: deadline) else {
                try parser.finish(input.bytes.bytes)
                return false
            }
        }
        return true
    }

    @inline(never) private func parseHead() throws(HTTPError) -> Bool {
        guard let head = try parser.parse(input.bytes.bytes) else { return false }
        self.head = head
        counters.requests += 1
        keepsAlive = head.keepsAlive
        body.decoder = BodyDecoder(head.framing, limits: server.options.limits)
        body.isComplete = head.framing == .none || head.framing == .length(0)
        body.isAwaited = head.expectsContinue && !body.isComplete
        body.consumed = 0
        return true
    }

    /// Waits for the first bytes of a request; false if none will come.
    private func receiveFirst() async throws -> Bool {
        try await flush()
        guard becomeIdle() else { return false }
        defer { idle.store(false, ordering: .relaxed) }
        do {
            return received(try await stream.read(into: input.room(1), deadline: idleDeadline()))
        } catch let error as SchedulerError where error.code == .timedOut {
            return false
        }
    }

    /// Marks the connection idle, and then checks whether the server is stopping.
    ///
    /// The server sets its flag before it looks for idle connections, so one of the two sees the other.
    @inline(never) private func becomeIdle() -> Bool {
        input.shrink()
        output.shrink()
        idle.store(true, ordering: .sequentiallyConsistent)
        return !server.isStopping
    }

    @inline(never) private func idleDeadline() -> ContinuousClock.Instant { .now + server.options.idleTimeout }

    @inline(never) func requestDeadline() -> ContinuousClock.Instant { .now + server.options.requestTimeout }

    /// Receives once; false at the end of the stream.
    ///
    /// The caller must have flushed the output: the client may be waiting for it.
    private func receive(_ room: Int, until deadline: ContinuousClock.Instant) async throws -> Bool {
        hasFailed = true
        let count = try await stream.read(into: input.room(room), deadline: deadline)
        hasFailed = false
        return received(count)
    }

    private func received(_ count: Int) -> Bool {
        input.added(count)
        counters.bytesReceived += count
        return count > 0
    }

    /// Receives more of a message that has begun; exceeding the deadline is the client's fault.
    private func receiveMore(_ room: Int, until deadline: ContinuousClock.Instant) async throws -> Bool {
        // A flush that exceeds its deadline is a failed connection, and not the client's 408.
        try await flush()
        do {
            return try await receive(room, until: deadline)
        } catch let error as SchedulerError where error.code == .timedOut {
            // The client can still be sent an error response.
            hasFailed = false
            throw HTTPError.timedOut
        }
    }

    // MARK: Bodies

    /// The next part of the request's body, or nil at its end.
    ///
    /// The bytes are valid until the next call of this or of a method that responds.
    ///
    /// - Throws: ``HTTPError`` if the body is malformed, too long or truncated: a handler should rethrow it, and the
    ///   client gets the response that it calls for. `SchedulerError` if the connection fails or times out.
    public func nextBodyPart() async throws -> UnsafeRawBufferPointer? {
        guard !body.isComplete, let head else { return nil }
        if body.isAwaited { try await askForBody(head) }
        while true {
            let rest = unread(after: head)
            switch try body.decoder.next(rest.bytes) {
            case .data(let range):
                body.consumed += range.upperBound
                return UnsafeRawBufferPointer(rebasing: rest[range])
            case .needsMore(let count):
                body.consumed += count
                try await receiveBody(head)
            case .end(_, let length):
                body.consumed += length
                body.isComplete = true
                return nil
            }
        }
    }

    private func unread(after head: RequestHead) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: input.bytes[(head.length + body.consumed)...])
    }

    /// Sends `100 Continue`, if the client still waits for it and no response has begun.
    private func askForBody(_ head: RequestHead) async throws {
        body.isAwaited = false
        guard input.count == head.length + body.consumed, case .none = response else { return }
        output.append("HTTP/1.1 100 Continue\r\n\r\n")
        try await flush()
    }

    private func receiveBody(_ head: RequestHead) async throws {
        input.remove(body.consumed, after: head.length)
        body.consumed = 0
        guard try await receiveMore(Self.bodyRoom, until: requestDeadline()) else {
            try body.decoder.finish(unread(after: head).bytes)
            return
        }
    }

    /// Discards what the handler has not read of the body, to find the next request.
    ///
    /// Returns false if the rest is too long, malformed or never sent; then the connection must end.
    func skipBody() async throws -> Bool {
        var skipped = 0
        while !body.isComplete {
            guard !body.isAwaited, skipped < 64 << 10, let part = try await nextBodyPart() else {
                return body.isComplete
            }
            skipped += part.count
        }
        return true
    }

    // MARK: Closing

    /// Gives the client time to read the last response before the connection closes.
    ///
    /// Receives and discards what the client still sends: the kernel would answer unread bytes with a reset, and a
    /// reset destroys what the client has not read yet. See RFC 9112, section 9.6.
    func linger() async throws {
        stream.finishWriting()
        let deadline = ContinuousClock.now + .seconds(1)
        var dropped = 0
        input.removeAll()
        while dropped < 1 << 20, try await receive(Self.bodyRoom, until: deadline) {
            dropped += input.count
            input.removeAll()
        }
    }
}
