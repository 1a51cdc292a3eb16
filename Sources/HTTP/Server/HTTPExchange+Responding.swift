// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Tasklets

/// Sends responses.
extension HTTPExchange {
    /// The amount of pending output that triggers a send.
    private static let flushThreshold = 16 << 10
    /// An upper bound for the size of a head without its content type.
    private static let headRoom = 256

    // MARK: Whole responses

    /// Responds with a complete body.
    ///
    /// It is sent before the connection's tasklet waits for the next request.
    ///
    /// - Throws: `SchedulerError` if the connection fails or times out, or the error thrown into the waiting tasklet.
    public func respond(
        _ status: HTTPStatus,
        contentType: String = "text/plain",
        _ bytes: UnsafeRawBufferPointer
    ) async throws {
        begin(status, contentType, .length(bytes.count))
        response = .complete
        if sendsBody { try await send(bytes) }
        if output.count > Self.flushThreshold { try await flush() }
    }

    /// Responds with text.
    ///
    /// - Throws: the errors of ``respond(_:contentType:_:)-(_,_,UnsafeRawBufferPointer)``.
    public func respond(_ status: HTTPStatus, contentType: String = "text/plain", _ text: String) async throws {
        var text = text
        begin(status, contentType, .length(text.utf8.count))
        response = .complete
        if sendsBody { text.withUTF8 { output.append(UnsafeRawBufferPointer($0)) } }
        if output.count > Self.flushThreshold { try await flush() }
    }

    // MARK: Streamed responses

    /// Begins a response whose body is written in parts.
    ///
    /// - Parameters:
    ///   - status: the response's status.
    ///   - contentType: the value of the Content-Type field.
    ///   - length: the length of the body in bytes, which the handler must keep to; nil if it is not known.
    /// - Throws: the errors of ``respond(_:contentType:_:)-(_,_,UnsafeRawBufferPointer)``.
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
    /// Traps if the body exceeds the announced length: the client would read the excess as another response.
    ///
    /// - Throws: the errors of ``respond(_:contentType:_:)-(_,_,UnsafeRawBufferPointer)``.
    public func write(_ bytes: UnsafeRawBufferPointer) async throws {
        let isChunked = isStreamedInChunks()
        guard sendsBody, !bytes.isEmpty else { return }
        countDown(bytes.count)
        if isChunked { put { $0.chunkHead(bytes.count) } }
        try await send(bytes)
        if isChunked { put { $0.chunkEnd() } }
        if output.count > Self.flushThreshold { try await flush() }
    }

    /// Ends the response that ``beginResponse(_:contentType:length:)`` began.
    ///
    /// If the body is shorter than announced, the connection is closed when the handler returns, which tells the
    /// client.
    ///
    /// - Throws: the errors of ``respond(_:contentType:_:)-(_,_,UnsafeRawBufferPointer)``.
    public func endResponse() async throws {
        switch response {
        // A response without a body cannot be too short.
        case .sized(let left): response = left > 0 && sendsBody ? .truncated : .complete
        case .streaming(let isChunked):
            response = .complete
            if isChunked, sendsBody { putEndOfChunks() }
        case .none, .complete, .truncated: fatalError("endResponse called without beginResponse")
        }
    }

    private func isStreamedInChunks() -> Bool {
        switch response {
        case .sized: return false
        case .streaming(let isChunked): return isChunked
        case .none, .complete, .truncated:
            fatalError("write called outside beginResponse and endResponse")
        }
    }

    /// Checks a write against the announced length.
    private func countDown(_ count: Int) {
        guard case .sized(let left) = response else { return }
        guard count <= left else {
            fatalError("the handler wrote \(count) bytes of body, but only \(left) of the announced length are left")
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
        guard case .none = response else { fatalError("a request can be responded to only once") }
        counters.count(status)
        sendsBody = head?.method != .head && !status.hasNoBody
        // The client may or may not still send the body that it announced, so the next request cannot be found.
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

    /// Appends to the output with a head writer.
    private func put(_ room: Int = headRoom, _ body: (inout HeadWriter) -> Void) {
        var writer = HeadWriter(output.room(room))
        body(&writer)
        do {
            output.added(try writer.finish())
        } catch {
            fatalError("cannot write the response: \(error)")
        }
    }

    /// The current date, formatted once a second.
    private func currentDate() -> HTTPDate {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &time)
        if time.tv_sec != date.seconds { date = HTTPDate(seconds: time.tv_sec) }
        return date
    }

    /// Batches short writes with what precedes and follows.
    private func send(_ bytes: UnsafeRawBufferPointer) async throws {
        if bytes.count <= Self.flushThreshold { return output.append(bytes) }
        try await flush()
        try await write(all: bytes)
    }

    /// Sends all pending output.
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
