// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Tasklets

/// Responding.
extension HTTPExchange {
    /// Beyond this much that waits to be sent, it is sent.
    private static let enough = 16 << 10
    /// More than the fields of a head take beside its content type.
    private static let headRoom = 256

    // MARK: At once

    /// Responds with a body that is all there.
    ///
    /// It is sent before the connection's tasklet waits for another request.
    ///
    /// - Throws: ``SchedulerError`` where the connection fails, or what was thrown into the tasklet meanwhile.
    public func respond(
        _ status: HTTPStatus,
        contentType: String = "text/plain",
        _ bytes: UnsafeRawBufferPointer
    ) async throws {
        begin(status, contentType, .length(bytes.count))
        response = .complete
        if sendsBody { try await send(bytes) }
        if output.count > Self.enough { try await flush() }
    }

    /// Responds with a text.
    ///
    /// - Throws: as ``respond(_:contentType:_:)-(_,_,UnsafeRawBufferPointer)``.
    public func respond(_ status: HTTPStatus, contentType: String = "text/plain", _ text: String) async throws {
        var text = text
        begin(status, contentType, .length(text.utf8.count))
        response = .complete
        if sendsBody { text.withUTF8 { output.append(UnsafeRawBufferPointer($0)) } }
        if output.count > Self.enough { try await flush() }
    }

    // MARK: Piece by piece

    /// Begins a response whose body comes piece by piece.
    ///
    /// - Parameter length: how many bytes the pieces will have together, which the handler is held to; nil where that is
    ///   not known yet.
    /// - Throws: as ``respond(_:contentType:_:)-(_,_,UnsafeRawBufferPointer)``.
    public func beginResponse(
        _ status: HTTPStatus,
        contentType: String = "text/plain",
        length: Int? = nil
    ) async throws {
        let framing = length.map { BodyFraming.length($0) } ?? (head?.version == .http10 ? .untilClose : .chunked)
        if framing == .untilClose { keepsAlive = false }
        begin(status, contentType, framing)
        response = length.map { .sized(left: $0) } ?? .streaming(isChunked: framing == .chunked)
    }

    /// Sends a part of the body.
    ///
    /// Traps where the body would be longer than was announced: the client would take the rest for another response.
    ///
    /// - Throws: as ``respond(_:contentType:_:)-(_,_,UnsafeRawBufferPointer)``.
    public func write(_ bytes: UnsafeRawBufferPointer) async throws {
        let isChunked = isStreamedInChunks()
        guard sendsBody, !bytes.isEmpty else { return }
        countDown(bytes.count)
        if isChunked { put { $0.chunkHead(bytes.count) } }
        try await send(bytes)
        if isChunked { put { $0.chunkEnd() } }
        if output.count > Self.enough { try await flush() }
    }

    /// Ends what ``beginResponse(_:contentType:length:)`` has begun.
    ///
    /// Where less of the body was written than was announced, the connection is closed when the handler returns, by which
    /// the client knows.
    ///
    /// - Throws: as ``respond(_:contentType:_:)-(_,_,UnsafeRawBufferPointer)``.
    public func endResponse() async throws {
        switch response {
        // Without a body there is nothing to be short of.
        case .sized(let left): response = left > 0 && sendsBody ? .cutShort : .complete
        case .streaming(let isChunked):
            response = .complete
            if isChunked, sendsBody { putEndOfChunks() }
        case .none, .complete, .cutShort: fatalError("a response is ended that was not begun")
        }
    }

    private func isStreamedInChunks() -> Bool {
        switch response {
        case .sized: return false
        case .streaming(let isChunked): return isChunked
        case .none, .complete, .cutShort:
            fatalError("a part of a body is written between beginResponse and endResponse")
        }
    }

    /// So many bytes of the body are about to be sent.
    private func countDown(_ count: Int) {
        guard case .sized(let left) = response else { return }
        guard count <= left else {
            fatalError("a body is as long as was announced: \(left) bytes are left of it, and \(count) were written")
        }
        response = .sized(left: left - count)
    }

    private func putEndOfChunks() {
        put { writer in
            writer.lastChunk()
            writer.end()
        }
    }

    // MARK: Bytes

    @inline(never) private func begin(_ status: HTTPStatus, _ contentType: String, _ framing: BodyFraming) {
        guard case .none = response else { fatalError("a request is responded to once") }
        counters.count(status)
        sendsBody = head?.method != .head && !status.hasNoBody
        // The client may send the body that it has announced, or not: nobody knows where the next request begins.
        if server.isStopping || body.isAwaited { keepsAlive = false }
        put(Self.headRoom + contentType.utf8.count) { writer in
            writer.statusLine(status)
            writer.date(currentDate())
            if !status.hasNoBody { writer.field("Content-Type", contentType) }
            writer.framing(status.hasNoBody ? .none : framing)
            writer.connection(keepsAlive: keepsAlive, version: head?.version ?? .http11)
            writer.end()
        }
    }

    /// Has something written into the output.
    private func put(_ room: Int = headRoom, _ body: (inout HeadWriter) -> Void) {
        var writer = HeadWriter(output.room(room))
        body(&writer)
        do {
            output.added(try writer.finish())
        } catch {
            fatalError("the response cannot be written: \(error)")
        }
    }

    /// A new one when a second has gone by.
    private func currentDate() -> HTTPDate {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &time)
        if time.tv_sec != date.seconds { date = HTTPDate(seconds: time.tv_sec) }
        return date
    }

    /// What is short is sent together with what comes before and after it.
    private func send(_ bytes: UnsafeRawBufferPointer) async throws {
        if bytes.count <= Self.enough { return output.append(bytes) }
        try await flush()
        try await write(all: bytes)
    }

    /// Sends what waits to be sent.
    func flush() async throws {
        guard !output.isEmpty else { return }
        try await write(all: output.bytes)
        output.removeAll()
    }

    private func write(all bytes: UnsafeRawBufferPointer) async throws {
        hasFailed = true
        try await stream.write(bytes, deadline: requestDeadline())
        hasFailed = false
        counters.bytesSent += bytes.count
    }
}

extension ByteBuffer {
    mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
