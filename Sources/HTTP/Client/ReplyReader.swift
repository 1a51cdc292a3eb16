// SPDX-License-Identifier: Apache-2.0

/// Receives replies, one after another, in memory of its own: a head as it came, and after it the body, decoded.
///
/// It does no I/O: whoever has it reads into ``makeRoom()``, and says how much came. A reply allocates nothing, unless the
/// memory has to grow.
///
/// Invariant: `bodyEnd <= unread <= filled`. The memory begins with the head; the body is decoded up to `bodyEnd`, and
/// the bytes from `unread` to `filled` have been received and not looked at.
struct ReplyReader: ~Copyable {
    // SAFETY: the memory is the reader's alone, from `init` to `deinit`, except that what `makeRoom` has returned may be
    // written until the next call.
    private var memory: UnsafeMutableRawBufferPointer
    private let limits: HTTPLimits
    private var parser: ResponseParser
    private var decoder: BodyDecoder?
    private var bodyEnd = 0
    private var unread = 0
    private var filled = 0
    /// The head of the reply proper, once it is there.
    private(set) var head: ResponseHead?
    /// Whether the reply is all there.
    private(set) var isComplete = false

    /// Most heads, and the bodies of small pages, fit into this.
    private static let initialSize = 16_384
    /// More than that is not kept for a reply that may never come.
    private static let mostKept = 1 << 18

    init(limits: HTTPLimits) {
        self.limits = limits
        memory = .allocate(byteCount: Self.initialSize, alignment: 16)
        parser = ResponseParser(to: .get, limits: limits)
    }

    deinit { memory.deallocate() }

    /// Forgets the last reply, and expects the one to a request of this method.
    mutating func expectReply(to method: HTTPMethod) {
        parser = ResponseParser(to: method, limits: limits)
        decoder = nil
        head = nil
        isComplete = false
        (bodyEnd, unread, filled) = (0, 0, 0)
    }

    // MARK: - What has come

    /// Whether any of the reply has come.
    var hasBegun: Bool { filled > 0 }

    /// Whether the connection can take another request: the reply is over, nothing follows it, and the server stays.
    ///
    /// After 101 it would not be HTTP any more.
    var leavesConnectionUsable: Bool {
        guard isComplete, let head else { return false }
        return head.keepsAlive && unread == filled && head.status.rawValue != 101
    }

    /// How long the body is, as far as it has come.
    var bodyLength: Int { bodyEnd - (head?.length ?? 0) }

    /// Shows the body where it is.
    func withBody<R: ~Copyable, E: Error>(_ look: (RawSpan) throws(E) -> R) throws(E) -> R {
        try look(bytes(bodyEnd - bodyLength..<bodyEnd).bytes)
    }

    /// Shows the bytes that the head's places count in.
    func withHead<R: ~Copyable, E: Error>(_ look: (RawSpan) throws(E) -> R) throws(E) -> R {
        try look(bytes(0..<bodyEnd).bytes)
    }

    private func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: memory[range])
    }

    // MARK: - Receiving

    /// This many bytes have come: reads them.
    ///
    /// - Returns: whether the reply is complete.
    /// - Throws: why it is refused. The connection is of no use then.
    mutating func receive(_ count: Int) throws(HTTPError) -> Bool {
        filled += count
        while try step() {}
        return isComplete
    }

    /// The connection has ended; a reply without a length is complete then.
    ///
    /// - Throws: what is wrong with what has come.
    mutating func end() throws(HTTPError) {
        let rest = bytes(unread..<filled)
        if decoder == nil { return try parser.finish(rest.bytes) }
        try decoder?.finish(rest.bytes)
        isComplete = true
    }

    /// Reads a head, or a part of the body.
    ///
    /// - Returns: whether there may be more to read in what has come.
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
            // The reply proper is to begin where the memory does.
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

    /// Where the next bytes are to go; never empty.
    mutating func makeRoom() -> UnsafeMutableRawBufferPointer {
        // Where nothing is left to look at, this moves nothing; otherwise, that is done as seldom as can be.
        if unread == filled || filled == memory.count { closeGap(to: bodyEnd) }
        if filled == memory.count { resize(to: 2 * memory.count) }
        return UnsafeMutableRawBufferPointer(rebasing: memory[filled...])
    }

    /// Gives back what only a long reply has needed; that reply is forgotten.
    mutating func shrink() {
        guard memory.count > Self.mostKept else { return }
        expectReply(to: .get)
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
