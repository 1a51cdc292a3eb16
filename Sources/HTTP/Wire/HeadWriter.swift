// SPDX-License-Identifier: Apache-2.0

/// Writes heads and chunks into a buffer, one part after another.
///
/// A part that does not fit, or that the peer would read as something else, is not written, nor is any after it; it is
/// ``finish()`` that tells. It allocates nothing, unless it is given strings that Swift stores elsewhere than in memory
/// that it can be read from at once.
package struct HeadWriter {
    // SAFETY: the memory is the caller's, who keeps it valid, and away from others, as long as it uses the writer.
    private let buffer: UnsafeMutableRawBufferPointer
    /// How many bytes have been written.
    package private(set) var count = 0
    private var error: WriteError?

    /// Writes from the buffer's beginning.
    package init(_ buffer: UnsafeMutableRawBufferPointer) { self.buffer = buffer }

    /// How many bytes have been written.
    ///
    /// - Throws: what was wrong with the first part that was not written.
    package func finish() throws(WriteError) -> Int {
        if let error { throw error }
        return count
    }

    // MARK: - Heads

    /// The first line of a response.
    package mutating func statusLine(_ status: HTTPStatus) {
        write("HTTP/1.1 ")
        write(digits: status.rawValue)
        write(" ")
        write(status.reasonPhrase)
        write("\r\n")
    }

    /// The first line of a request.
    ///
    /// - Parameters:
    ///   - method: one that is known; ``HTTPMethod/other`` has no name and is malformed.
    ///   - target: what stands between the spaces, percent-encoded.
    package mutating func requestLine(_ method: HTTPMethod, _ target: String) {
        guard method != .other else { return fail(.malformed) }
        write(method.name)
        write(" ")
        write(target) { bytes in
            bytes.byteCount > 0 && bytes.endOfTarget(from: 0, to: bytes.byteCount) == bytes.byteCount
        }
        write(" HTTP/1.1\r\n")
    }

    /// A field.
    package mutating func field(_ name: String, _ value: String) {
        write(name) { bytes in
            bytes.byteCount > 0 && bytes.endOfToken(from: 0, to: bytes.byteCount) == bytes.byteCount
        }
        write(": ")
        write(value) { bytes in bytes.endOfText(from: 0, to: bytes.byteCount) == bytes.byteCount }
        write("\r\n")
    }

    /// The Date field, which RFC 9110 wants of servers that have a clock.
    package mutating func date(_ date: HTTPDate) {
        write("Date: ")
        date.text.span.withUnsafeBytes { write(UnsafeRawBufferPointer($0)) }
        write("\r\n")
    }

    /// The field that tells where the body ends, if one does.
    package mutating func framing(_ framing: BodyFraming) {
        switch framing {
        case .none, .untilClose: return
        case .chunked: write("Transfer-Encoding: chunked\r\n")
        case .length(let length):
            write("Content-Length: ")
            write(decimal: length)
            write("\r\n")
        }
    }

    /// The field that tells what becomes of the connection, unless HTTP/1.1 tells the same.
    ///
    /// The end of a connection is always announced, to a peer of HTTP/1.0, too: this message says that it is HTTP/1.1, and
    /// whoever goes by that would wait for another one.
    ///
    /// - Parameters:
    ///   - keepsAlive: whether the writer keeps the connection open after this message.
    ///   - version: the peer's.
    package mutating func connection(keepsAlive: Bool, version: HTTPVersion) {
        if !keepsAlive {
            write("Connection: close\r\n")
        } else if version == .http10 {
            write("Connection: keep-alive\r\n")
        }
    }

    /// The empty line that ends a head, or the fields after a body.
    package mutating func end() { write("\r\n") }

    // MARK: - Chunks

    /// A chunk with these bytes.
    ///
    /// Nothing where there are none, because an empty chunk is the last one.
    package mutating func chunk(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 0 else { return }
        chunkHead(bytes.count)
        write(bytes)
        chunkEnd()
    }

    /// The line before a chunk whose bytes are sent from elsewhere; at least one.
    package mutating func chunkHead(_ size: Int) {
        precondition(size > 0, "a chunk has a size, and \(size) was given: the empty one is lastChunk")
        write(hexadecimal: size)
        write("\r\n")
    }

    /// The line end after such a chunk.
    package mutating func chunkEnd() { write("\r\n") }

    /// The chunk after which there is no other; fields may follow, and ``end()`` must.
    package mutating func lastChunk() { write("0\r\n") }

    // MARK: - Bytes

    private mutating func fail(_ error: WriteError) {
        if self.error == nil { self.error = error }
    }

    @inline(__always) private mutating func write(_ text: StaticString) {
        // SAFETY: a static string is of constant memory.
        write(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inline(__always) private mutating func write(_ bytes: UnsafeRawBufferPointer) {
        guard error == nil else { return }
        guard bytes.count <= buffer.count - count else { return fail(.noRoom) }
        // SAFETY: there is room, as was just made sure, and what is written does not come from the buffer itself.
        UnsafeMutableRawBufferPointer(rebasing: buffer[count...]).copyMemory(from: bytes)
        count += bytes.count
    }

    /// A text, if it may stand there.
    private mutating func write(_ text: String, _ isValid: (RawSpan) -> Bool) {
        let utf8 = text.utf8Span.span.bytes
        guard isValid(utf8) else { return fail(.malformed) }
        utf8.withUnsafeBytes { write($0) }
    }

    private mutating func write(digits code: UInt16) {
        guard (100...999).contains(code) else { return fail(.malformed) }
        write(decimal: Int(code))
    }

    private mutating func write(decimal number: Int) {
        precondition(number >= 0, "a length is 0 or more, and \(number) was given")
        write(UInt64(number), radix: 10)
    }

    private mutating func write(hexadecimal number: Int) { write(UInt64(number), radix: 16) }

    /// 20 digits are enough for 64 bits.
    private mutating func write(_ number: UInt64, radix: UInt64) {
        withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { digits in
            var (rest, start) = (number, digits.count)
            repeat {
                start -= 1
                let digit = UInt8(truncatingIfNeeded: rest % radix)
                digits[start] = digit < 10 ? Ascii.zero + digit : 0x61 - 10 + digit
                rest /= radix
            } while rest > 0
            write(UnsafeRawBufferPointer(rebasing: digits[start...]))
        }
    }
}
