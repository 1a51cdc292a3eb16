// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Tasklets

/// Sends responses.
extension HTTPExchange {
    /// The amount of pending output that triggers a send.
    static let flushThreshold = 16 << 10
    /// An upper bound for the size of a head without its content type.
    private static let headRoom = 256

    // MARK: Whole responses

    /// Responds with a complete body.
    ///
    /// It is sent before the connection's tasklet waits for the next request.
    ///
    /// - Parameters:
    ///   - status: the response's status, from 200 to 999.
    ///   - contentType: the value of the Content-Type field.
    ///   - bytes: the body.
    /// - Throws: ``HTTPResponseError`` if the response is refused. `SchedulerError` if the connection fails or times
    ///   out, or the error thrown into the waiting tasklet.
    public func respond(
        _ status: HTTPStatus,
        contentType: String = "text/plain",
        _ bytes: UnsafeRawBufferPointer
    ) async throws {
        try begin(status, contentType, .length(bytes.count))
        response = .complete
        if sendsBody { try await send(bytes) }
        if output.count > Self.flushThreshold { try await flush() }
    }

    /// Responds with text.
    ///
    /// - Throws: the errors of ``respond(_:contentType:_:)-(_,_,UnsafeRawBufferPointer)``.
    public func respond(_ status: HTTPStatus, contentType: String = "text/plain", _ text: String) async throws {
        var text = text
        try begin(status, contentType, .length(text.utf8.count))
        response = .complete
        if sendsBody { text.withUTF8 { output.append(UnsafeRawBufferPointer($0)) } }
        if output.count > Self.flushThreshold { try await flush() }
    }

    // MARK: Streamed responses

    /// Begins a response whose body is written in parts.
    ///
    /// - Parameters:
    ///   - status: the response's status, from 200 to 999.
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
        try begin(status, contentType, framing)
        response = length.map { .sized(left: $0) } ?? .streaming(isChunked: framing == .chunked)
    }

    /// Sends a part of the body.
    ///
    /// A part that exceeds the announced length is refused.
    ///
    /// - Throws: the errors of ``respond(_:contentType:_:)-(_,_,UnsafeRawBufferPointer)``.
    public func write(_ bytes: UnsafeRawBufferPointer) async throws {
        let isChunked = try isStreamedInChunks()
        guard sendsBody, !bytes.isEmpty else { return }
        try countDown(bytes.count)
        if isChunked { try put { $0.chunkHead(bytes.count) } }
        try await send(bytes)
        if isChunked { try put { $0.chunkEnd() } }
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
            if isChunked, sendsBody { try putEndOfChunks() }
        case .none, .complete, .truncated: throw HTTPResponseError.notBegun
        }
    }

    private func isStreamedInChunks() throws(HTTPResponseError) -> Bool {
        switch response {
        case .sized: return false
        case .streaming(let isChunked): return isChunked
        case .none, .complete, .truncated: throw .notBegun
        }
    }

    /// Checks a write against the announced length.
    private func countDown(_ count: Int) throws(HTTPResponseError) {
        guard case .sized(let left) = response else { return }
        guard count <= left else { throw .bodyTooLong(count: count, left: left) }
        response = .sized(left: left - count)
    }

    private func putEndOfChunks() throws(WriteError) {
        try put { writer in
            writer.lastChunk()
            writer.end()
        }
    }

    // MARK: Bytes

    /// Writes the head of the response, which begins with it; refused, it has not begun.
    @inline(never) private func begin(
        _ status: HTTPStatus,
        _ contentType: String,
        _ framing: BodyFraming
    ) throws(HTTPResponseError) {
        guard case .none = response else { throw .alreadyBegun }
        guard (200...999).contains(status.rawValue) else { throw .invalidStatus(status) }
        if case .length(let length) = framing, length < 0 { throw .negativeLength(length) }
        sendsBody = head?.method != .head && !status.hasNoBody
        // The client may or may not still send the body that it announced, so the next request cannot be found.
        if isLast || body.isAwaited { keepsAlive = false }
        do {
            try putHead(status, contentType, status.hasNoBody ? .none : framing)
        } catch {
            // Everything else has been checked.
            throw .invalidField("Content-Type")
        }
        counters.count(status)
    }

    private func putHead(
        _ status: HTTPStatus,
        _ contentType: String,
        _ framing: BodyFraming
    ) throws(WriteError) {
        try put(Self.headRoom + contentType.utf8.count + responseFields.count) { writer in
            writer.statusLine(status)
            writer.date(currentDate())
            if !status.hasNoBody { writer.contentType(contentType) }
            if !responseFields.isEmpty { responseFields.withUnsafeBytes { writer.fields($0) } }
            writer.framing(framing)
            writer.connection(keepsAlive: keepsAlive, version: head?.version ?? .http11)
            writer.end()
        }
    }

    /// Appends to the output with a head writer; appends nothing if that fails.
    private func put(_ room: Int = headRoom, _ body: (inout HeadWriter) -> Void) throws(WriteError) {
        var writer = HeadWriter(output.room(room))
        body(&writer)
        output.added(try writer.finish())
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
    ///
    /// Inlined: a call of an asynchronous function costs a good part of what sending a short reply does here.
    @inline(__always) func flush() async throws {
        guard let rest = try sendAtOnce() else { return }
        try await write(all: rest)
        output.removeAll()
    }

    /// Sends the pending output as far as that takes no wait; returns the rest, and nil if nothing more is to be done.
    ///
    /// Long output is not tried: its time counts for the client's pace.
    @inline(never) private func sendAtOnce() throws -> UnsafeRawBufferPointer? {
        if let held { takeBack(held) }
        guard !output.isEmpty else { return nil }
        guard output.count < Self.flushThreshold else { return output.bytes }
        hasFailed = true
        let progress = try stream.beginToWrite(output.bytes)
        hasFailed = false
        guard let progress else { return output.bytes }
        counters.bytesSent += progress.written
        guard progress.isComplete else { return UnsafeRawBufferPointer(rebasing: output.bytes[progress.written...]) }
        output.removeAll()
        return nil
    }

    private func takeBack(_ held: HeldReplies) {
        let (unsent, sent) = held.takeBack()
        counters.bytesSent += sent
        if !unsent.isEmpty { unsent.withUnsafeBytes { output.prepend($0) } }
    }

    /// Sends bytes for as long as the client keeps the pace.
    private func write(all bytes: UnsafeRawBufferPointer) async throws {
        hasFailed = true
        var rest = bytes
        while true {
            let start = ContinuousClock.now
            let progress = try await stream.write(rest, until: start + pace.timeLeft(server.options))
            counters.bytesSent += progress.written
            // Short ones are not timed: they are the last of a response, and the clock would cost them most.
            if !progress.isComplete || rest.count >= Self.flushThreshold {
                pace.add(max(progress.written, progress.acknowledged), in: .now - start)
            }
            if progress.isComplete { break }
            guard pace.endWindow(server.options) else { throw SchedulerError(.timedOut, "the client reads too slowly") }
            rest = UnsafeRawBufferPointer(rebasing: rest[progress.written...])
        }
        hasFailed = false
    }
}

extension ByteBuffer {
    mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
