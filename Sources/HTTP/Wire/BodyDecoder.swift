// SPDX-License-Identifier: Apache-2.0

/// Finds the body in the bytes after a head, whatever its framing.
///
/// Each call takes the unconsumed bytes: at first those after the head, then those after the part just returned. The
/// body's bytes stay in place, and nothing is allocated.
package struct BodyDecoder: Sendable {
    private enum State {
        /// Expects this many more bytes of the body or chunk.
        case data(remaining: Int)
        case chunkHead
        /// Expects the line end after a chunk.
        case chunkEnd
        case trailers
        case untilClose
        case end
    }

    private let limits: HTTPLimits
    private let isChunked: Bool
    private var state: State
    private var total = 0
    private var extensions = 0
    private var reader = LineReader()

    /// Creates a decoder for a body with this framing.
    package init(_ framing: BodyFraming, limits: HTTPLimits = HTTPLimits()) {
        self.limits = limits
        isChunked = framing == .chunked
        switch framing {
        case .none: state = .end
        case .length(let length): state = length > 0 ? .data(remaining: length) : .end
        case .chunked: state = .chunkHead
        case .untilClose: state = .untilClose
        }
    }

    /// The next part of the body.
    ///
    /// - Throws: why the message is rejected. The decoder must not be used afterwards.
    package mutating func next(_ bytes: RawSpan) throws(HTTPError) -> BodyPart {
        switch state {
        case .data(let remaining): return data(bytes, from: 0, remaining)
        case .untilClose: return try everything(bytes)
        case .trailers: return try trailers(bytes, from: 0)
        case .end: return .end(trailers: HTTPFields(range: 0..<0), length: 0)
        case .chunkHead: return try chunk(bytes)
        case .chunkEnd: return try chunkEnd(bytes)
        }
    }

    /// Handles the end of the connection.
    ///
    /// - Throws: what is wrong with the bytes received, or ``HTTPError/truncated`` if the body is incomplete.
    package mutating func finish(_ bytes: RawSpan) throws(HTTPError) {
        reader.forceRescan()
        switch state {
        case .untilClose, .end: return
        default:
            _ = try next(bytes)
            throw .truncated
        }
    }

    // MARK: - Data

    private mutating func data(_ bytes: RawSpan, from start: Int, _ remaining: Int) -> BodyPart {
        let count = min(remaining, bytes.byteCount - start)
        guard count > 0 else { return .needsMore(dropping: start) }
        if count < remaining {
            state = .data(remaining: remaining - count)
        } else {
            state = isChunked ? .chunkEnd : .end
        }
        return .data(start..<start + count)
    }

    private mutating func everything(_ bytes: RawSpan) throws(HTTPError) -> BodyPart {
        guard bytes.byteCount > 0 else { return .needsMore(dropping: 0) }
        try add(bytes.byteCount)
        return .data(0..<bytes.byteCount)
    }

    private mutating func add(_ count: Int) throws(HTTPError) {
        guard count <= limits.body - total else { throw .bodyTooLong }
        total += count
    }

    // MARK: - Chunks

    /// Parses the line end after a chunk, and continues with the next chunk.
    private mutating func chunkEnd(_ bytes: RawSpan) throws(HTTPError) -> BodyPart {
        guard
            let next = try FieldLine.parseLineEnd(bytes, from: 0, to: bytes.byteCount, otherwise: .malformedChunkEnd)
        else { return .needsMore(dropping: 0) }
        state = .chunkHead
        reader.advance(to: next)
        return try chunk(bytes)
    }

    /// Parses the line before a chunk, and returns the data that has arrived.
    private mutating func chunk(_ bytes: RawSpan) throws(HTTPError) -> BodyPart {
        guard let size = try chunkHead(bytes) else { return needsMore() }
        try add(size)
        guard size > 0 else {
            state = .trailers
            return try trailers(bytes, from: reader.position)
        }
        state = .data(remaining: size)
        return data(bytes, from: passLines(), size)
    }

    /// Parses the line before a chunk; nil if the line is incomplete.
    private mutating func chunkHead(_ bytes: RawSpan) throws(HTTPError) -> Int? {
        let room = limits.chunkExtensions - extensions
        let limit = reader.position + min(ChunkHead.maximumDigits + 2 + room, limits.head)
        let line = try reader.nextLine(ChunkHead.self, bytes, limit: limit, otherwise: .chunkExtensionsTooLong)
        guard let line else { return nil }
        guard line.extensions <= room else { throw .chunkExtensionsTooLong }
        extensions += line.extensions
        return line.size
    }

    /// Consumes the parsed lines and returns their length; the line reader starts over after them.
    private mutating func passLines() -> Int {
        let start = reader.position
        reader = LineReader()
        return start
    }

    /// Drops the parsed lines.
    private mutating func needsMore() -> BodyPart {
        let count = reader.position
        reader.drop(count)
        return .needsMore(dropping: count)
    }

    // MARK: - Trailers

    /// Parses the fields after the last chunk, which are consumed together.
    private mutating func trailers(_ bytes: RawSpan, from start: Int) throws(HTTPError) -> BodyPart {
        while try reader.nextField(
            bytes,
            limit: start + limits.head,
            count: limits.fields,
            otherwise: .trailersTooLong
        ) != nil {}
        guard let end = reader.fieldsEnd else {
            reader.drop(start)
            return .needsMore(dropping: start)
        }
        state = .end
        return .end(trailers: HTTPFields(range: start..<end), length: reader.position)
    }
}
