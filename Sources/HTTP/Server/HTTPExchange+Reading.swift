// SPDX-License-Identifier: Apache-2.0

internal import Synchronization
internal import Tasklets

/// How far the body of a request has been read.
struct BodyReading {
    var decoder = BodyDecoder(.none)
    var isOver = true
    /// The client sends it when it is told to.
    var isAwaited = false
    /// Bytes of the part that the handler has now, after the head.
    var handedOut = 0
}

/// Reading requests.
extension HTTPExchange {
    /// How much is received at once where a body is expected.
    private static let bodyRoom = 16 << 10
    /// How much is where a head has begun: most of a long one, or many that are pipelined.
    private static let headRoom = 4 << 10

    // MARK: Heads

    // A connection is idle most of the time, deep in here; what these functions keep on their frames meanwhile, every
    // connection keeps. So what does not wait is in functions of its own, which are not to be inlined.

    /// Reads the next head; false where the connection has ended, or is to end, before one has begun.
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
        body.isOver = head.framing == .none || head.framing == .length(0)
        body.isAwaited = head.expectsContinue && !body.isOver
        return true
    }

    /// Waits for the first bytes of a request; false where there will be none.
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

    /// Says that it is idle, and then looks whether the server stops, which closes those that are idle after it has said
    /// so: one of the two sees the other.
    @inline(never) private func becomeIdle() -> Bool {
        input.shrink()
        output.shrink()
        idle.store(true, ordering: .sequentiallyConsistent)
        return !server.isStopping
    }

    @inline(never) private func idleDeadline() -> ContinuousClock.Instant { .now + server.options.idleTimeout }

    @inline(never) func requestDeadline() -> ContinuousClock.Instant { .now + server.options.requestTimeout }

    /// Receives what has come, once; false at the end of the stream.
    ///
    /// Whoever calls this has sent what waited to be sent: the client may wait for it.
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

    /// Receives the rest of something that has begun; that it takes too long is the client's fault.
    private func receiveMore(_ room: Int, until deadline: ContinuousClock.Instant) async throws -> Bool {
        // That this takes too long is another matter.
        try await flush()
        do {
            return try await receive(room, until: deadline)
        } catch let error as SchedulerError where error.code == .timedOut {
            // The client can still be told.
            hasFailed = false
            throw HTTPError.timedOut
        }
    }

    // MARK: Bodies

    /// The next part of the request's body, nil at its end.
    ///
    /// The bytes are good until this, or a method that responds, is called again.
    ///
    /// - Throws: ``HTTPError`` where the body is malformed, too long or cut short, for which the client is to be blamed:
    ///   let it pass; ``SchedulerError`` where the connection fails, or nothing comes for too long.
    public func nextBodyPart() async throws -> UnsafeRawBufferPointer? {
        guard !body.isOver, let head else { return nil }
        dropPart(after: head.length)
        if body.isAwaited { try await askForBody(head) }
        while true {
            switch try body.decoder.next(bytes(after: head).bytes) {
            case .data(let range):
                body.handedOut = range.upperBound
                return UnsafeRawBufferPointer(rebasing: bytes(after: head)[range])
            case .needsMore(let count):
                input.remove(count, after: head.length)
                try await receiveBody(head)
            case .end(_, let length):
                input.remove(length, after: head.length)
                body.isOver = true
                return nil
            }
        }
    }

    private func bytes(after head: RequestHead) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: input.bytes[head.length...])
    }

    private func dropPart(after length: Int) {
        input.remove(body.handedOut, after: length)
        body.handedOut = 0
    }

    /// Says `100 Continue`, unless the client has not waited for it, or has had its response already.
    private func askForBody(_ head: RequestHead) async throws {
        body.isAwaited = false
        guard input.count == head.length, case .none = response else { return }
        output.append("HTTP/1.1 100 Continue\r\n\r\n")
        try await flush()
    }

    private func receiveBody(_ head: RequestHead) async throws {
        guard try await receiveMore(Self.bodyRoom, until: requestDeadline()) else {
            try body.decoder.finish(bytes(after: head).bytes)
            return
        }
    }

    /// Reads what the handler has left of the body, so that the next request can be found; false where that is not worth
    /// the while, or not possible: then the connection has to end.
    func skipBody() async throws -> Bool {
        var skipped = 0
        while !body.isOver {
            guard !body.isAwaited, skipped < 64 << 10, let part = try await nextBodyPart() else { return body.isOver }
            skipped += part.count
        }
        return true
    }

    // MARK: The end of the connection

    /// Lets the client read what was sent before the connection is closed: what it sends meanwhile is received, and
    /// dropped, because the kernel would answer it with a reset, which takes from the client what it has not read yet.
    ///
    /// RFC 9112, section 9.6.
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
