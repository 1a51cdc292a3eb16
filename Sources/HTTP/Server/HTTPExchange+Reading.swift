// SPDX-License-Identifier: Apache-2.0

internal import Synchronization
internal import Tasklets

/// How much of a request's body has been read.
struct BodyProgress {
    var decoder = BodyDecoder(.none)
    var isComplete = true
    /// How long the server has waited for it.
    var waited = Duration.zero
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
        let deadline = headDeadline()
        while try !parseHead() {
            // Replies to the requests before: the client may be waiting for them.
            try await flush()
            guard let count = try await receive(Self.headRoom, until: deadline) else { throw HTTPError.timedOut }
            guard count > 0 else {
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
        pace = Pace()
        body.decoder = BodyDecoder(head.framing, limits: server.options.limits)
        body.waited = .zero
        body.isComplete = head.framing == .none || head.framing == .length(0)
        body.isAwaited = head.expectsContinue && !body.isComplete
        body.consumed = 0
        return true
    }

    /// Waits for the first bytes of a request; false if none will come.
    @inline(__always) private func receiveFirst() async throws -> Bool {
        try await flush()
        becomeIdle()
        // A connection that ends counts as idle until its place is free: the server needs no other one meanwhile.
        guard try await receiveWhileIdle() else { return false }
        becomeBusy()
        return true
    }

    @inline(__always) private func receiveWhileIdle() async throws -> Bool {
        if isLast { return try await receiveLast() }
        do {
            if let count = try await stream.readUnlessInterrupted(into: input.room(1), deadline: idleDeadline()) {
                return received(count) > 0
            }
        } catch let error as SchedulerError where error.code == .timedOut {
            return false
        }
        return try await receiveLast()
    }

    /// A request has begun, and the connection is idle no longer.
    ///
    /// Where it has to end, the server waits for its place, which it may keep for long now, and must ask another one.
    /// The server sets the flag before it looks whether the connection is idle, so one of the two sees the other.
    private func becomeBusy() {
        idleSince.store(0, ordering: .sequentiallyConsistent)
        if mustEnd.load(ordering: .sequentiallyConsistent) { server.noteChange() }
    }

    /// Marks the connection idle; then it must check whether it has to end.
    ///
    /// The server sets its flags before it looks for idle connections, so one of the two sees the other.
    @inline(never) private func becomeIdle() {
        input.shrink()
        output.shrink()
        idleStart = .now
        idleSince.store(server.nextIdleNumber(), ordering: .sequentiallyConsistent)
        server.noteChange()
    }

    /// Receives the beginning of a request that is under way to a connection that has to end; false if no request is.
    ///
    /// The client cannot know that yet, and may have sent a request: then that is answered, and the response says that
    /// it is the last.
    @inline(never) private func receiveLast() async throws -> Bool {
        if let count = try await receiveInPassing() { return received(count) > 0 }
        guard let count = try stream.readAtOnce(into: input.room(Self.headRoom)) else { return false }
        return received(count) > 0
    }

    /// Waits for a moment, in which a connection that has just been made gets the request that it was made for, and one
    /// in use the request that is on its way.
    ///
    /// A connection that only gives its place to another has had that moment if it has been idle for so long.
    private func receiveInPassing() async throws -> Int? {
        do {
            let deadline = (server.isStopping ? .now : idleStart) + .milliseconds(10)
            return try await read(Self.headRoom, until: deadline)
        } catch let error as SchedulerError where error.code == .timedOut {
            return nil
        }
    }

    @inline(never) private func idleDeadline() -> ContinuousClock.Instant { idleStart + server.options.idleTimeout }

    @inline(never) private func headDeadline() -> ContinuousClock.Instant { .now + server.options.headTimeout }

    /// Receives once: the number of bytes, 0 at the end of the stream, nil if the deadline passes first.
    ///
    /// The caller must have flushed the output: the client may be waiting for it. When the deadline has passed, the
    /// client can still be sent an error response.
    private func receive(_ room: Int, until deadline: ContinuousClock.Instant) async throws -> Int? {
        hasFailed = true
        do {
            let count = try await read(room, until: deadline)
            hasFailed = false
            return received(count)
        } catch let error as SchedulerError where error.code == .timedOut {
            hasFailed = false
            return nil
        }
    }

    /// Reads, whatever interrupts it: an interruption is meant for an idle connection that does not know yet that it
    /// has to end.
    private func read(_ room: Int, until deadline: ContinuousClock.Instant) async throws -> Int {
        while true {
            let count = try await stream.readUnlessInterrupted(into: input.room(room), deadline: deadline)
            if let count { return count }
        }
    }

    private func received(_ count: Int) -> Int {
        input.added(count)
        counters.bytesReceived += count
        return count
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

    /// Receives more of the body, for as long as the client keeps the pace, and the total time has not passed.
    private func receiveBody(_ head: RequestHead) async throws {
        input.remove(body.consumed, after: head.length)
        body.consumed = 0
        try await flush()
        while true {
            let start = ContinuousClock.now
            let left = min(pace.timeLeft(server.options), server.options.bodyTimeout - body.waited)
            let count = try await receive(Self.bodyRoom, until: start + left)
            noteWait(for: count ?? 0, since: start)
            guard let count else {
                guard body.waited < server.options.bodyTimeout, pace.endWindow(server.options) else {
                    throw HTTPError.timedOut
                }
                continue
            }
            if count == 0 { try body.decoder.finish(unread(after: head).bytes) }
            return
        }
    }

    private func noteWait(for count: Int, since start: ContinuousClock.Instant) {
        let time = ContinuousClock.now - start
        pace.add(count, in: time)
        body.waited += time
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
        while dropped < 1 << 20, let count = try await receive(Self.bodyRoom, until: deadline), count > 0 {
            dropped += count
            input.removeAll()
        }
    }
}
