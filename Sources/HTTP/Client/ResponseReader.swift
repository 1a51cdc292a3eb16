// SPDX-License-Identifier: Apache-2.0

/// Receives responses, one at a time, into memory of its own: the head as received, followed by the decoded body.
///
/// It does no I/O: the owner reads into ``makeRoom()`` and reports how much arrived. A response allocates nothing
/// unless the memory has to grow.
///
/// Invariant: `bodyEnd <= unread <= filled`. The memory begins with the head; the decoded body ends at `bodyEnd`; the
/// bytes from `unread` to `filled` have been received and not yet parsed.
struct ResponseReader: ~Copyable {
    // SAFETY: the reader owns the memory from `init` to `deinit`. The buffer that `makeRoom` returns may be written
    // until the next call.
    private var memory: UnsafeMutableRawBufferPointer
    private let limits: HTTPLimits
    private var parser: ResponseParser
    private var decoder: BodyDecoder?
    private var bodyEnd = 0
    private var unread = 0
    private var filled = 0
    /// The head of the final response, once it has been parsed.
    private(set) var head: ResponseHead?
    /// Whether the response is complete.
    private(set) var isComplete = false

    /// Fits most heads, and the bodies of small pages.
    private static let initialSize = 16_384
    /// The capacity that an idle connection may retain.
    private static let maxRetained = 1 << 18

    init(limits: HTTPLimits) {
        self.limits = limits
        memory = .allocate(byteCount: Self.initialSize, alignment: 16)
        parser = ResponseParser(to: .get, limits: limits)
    }

    deinit { memory.deallocate() }

    /// Discards the last response, and expects the response to a request with this method.
    mutating func expectResponse(to method: HTTPMethod) {
        parser = ResponseParser(to: method, limits: limits)
        decoder = nil
        head = nil
        isComplete = false
        (bodyEnd, unread, filled) = (0, 0, 0)
    }

    // MARK: - What has arrived

    /// Whether any byte of the response has arrived.
    var hasBegun: Bool { filled > 0 }

    /// Whether the connection can carry another request: the response is complete, nothing follows it, and the server
    /// keeps the connection alive.
    ///
    /// After 101 the connection speaks another protocol.
    var allowsReuse: Bool {
        guard isComplete, let head else { return false }
        return head.keepsAlive && unread == filled && head.status.rawValue != 101
    }

    /// The length of the body received so far.
    var bodyLength: Int { bodyEnd - (head?.length ?? 0) }

    /// Calls `look` with the body in place.
    func withBody<R: ~Copyable, E: Error>(_ look: (RawSpan) throws(E) -> R) throws(E) -> R {
        try look(bytes(bodyEnd - bodyLength..<bodyEnd).bytes)
    }

    /// Calls `look` with the bytes that the head's ranges index.
    func withHead<R: ~Copyable, E: Error>(_ look: (RawSpan) throws(E) -> R) throws(E) -> R {
        try look(bytes(0..<bodyEnd).bytes)
    }

    private func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: memory[range])
    }

    // MARK: - Receiving

    /// Parses `count` bytes that have arrived.
    ///
    /// - Returns: whether the response is complete.
    /// - Throws: why the response is rejected. The connection must not be used afterwards.
    mutating func receive(_ count: Int) throws(HTTPError) -> Bool {
        filled += count
        while try step() {}
        return isComplete
    }

    /// Handles the end of the connection, which completes a response without a length.
    ///
    /// - Throws: what is wrong with the bytes received.
    mutating func end() throws(HTTPError) {
        let rest = bytes(unread..<filled)
        if decoder == nil { return try parser.finish(rest.bytes) }
        try decoder?.finish(rest.bytes)
        isComplete = true
    }

    /// Parses a head, or a part of the body.
    ///
    /// - Returns: whether the received bytes may hold more to parse.
    private mutating func step() throws(HTTPError) -> Bool {
        let rest = bytes(unread..<filled)
        if decoder == nil { return try readHead(rest) }
        guard let part = try decoder?.next(rest.bytes) else { return false }
        if case .data(let range) = part { moveToBody(unread + range.lowerBound, range.count) }
        unread += part.length
        if case .end = part { isComplete = true }
        if case .data = part { return true }
        return false
    }

    private mutating func readHead(_ rest: UnsafeRawBufferPointer) throws(HTTPError) -> Bool {
        guard let head = try parser.parse(rest.bytes) else { return false }
        unread += head.length
        if head.status.isInformational, head.status.rawValue != 101 {
            // The final response must begin at the start of the memory.
            closeGap(to: 0)
            return true
        }
        self.head = head
        bodyEnd = unread
        decoder = BodyDecoder(head.framing, limits: limits)
        return true
    }

    private mutating func moveToBody(_ start: Int, _ count: Int) {
        move(start..<start + count, to: bodyEnd)
        bodyEnd += count
    }

    // MARK: - Memory

    /// The buffer for the next bytes; never empty.
    mutating func makeRoom() -> UnsafeMutableRawBufferPointer {
        // Moves no bytes if all are parsed; otherwise compacts only when the memory is full.
        if unread == filled || filled == memory.count { closeGap(to: bodyEnd) }
        if filled == memory.count { resize(to: 2 * memory.count) }
        return UnsafeMutableRawBufferPointer(rebasing: memory[filled...])
    }

    /// Frees the memory that only a long response needed, and discards that response.
    mutating func shrink() {
        guard memory.count > Self.maxRetained else { return }
        expectResponse(to: .get)
        resize(to: Self.initialSize)
    }

    private mutating func closeGap(to start: Int) {
        move(unread..<filled, to: start)
        filled = start + (filled - unread)
        unread = start
    }

    private func move(_ range: Range<Int>, to start: Int) {
        guard start != range.lowerBound, !range.isEmpty else { return }
        UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + range.count]).copyMemory(from: bytes(range))
    }

    private mutating func resize(to size: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        larger.copyMemory(from: bytes(0..<filled))
        memory.deallocate()
        memory = larger
    }
}
