// SPDX-License-Identifier: Apache-2.0

/// Writes heads and chunks into a buffer, one part after another.
///
/// A part that does not fit, or that a peer would parse as something else, is not written, nor is any part after it;
/// ``finish()`` reports it. Nothing is allocated, except for strings without contiguous UTF-8 storage.
package struct HeadWriter {
    // SAFETY: the caller keeps the memory valid and unshared while it uses the writer.
    private let buffer: UnsafeMutableRawBufferPointer
    /// The number of bytes written.
    package private(set) var count = 0
    private var error: WriteError?

    /// Creates a writer that starts at the buffer's beginning.
    package init(_ buffer: UnsafeMutableRawBufferPointer) { self.buffer = buffer }

    /// The number of bytes written.
    ///
    /// - Throws: what was wrong with the first part that was not written.
    package func finish() throws(WriteError) -> Int {
        if let error { throw error }
        return count
    }

    // MARK: - Heads

    /// Writes the first line of a response.
    package mutating func statusLine(_ status: HTTPStatus) {
        guard status != .ok else { return write("HTTP/1.1 200 OK\r\n") }
        write("HTTP/1.1 ")
        write(digits: status.rawValue)
        write(" ")
        write(status.reasonPhrase)
        write("\r\n")
    }

    /// Writes the first line of a request.
    ///
    /// - Parameters:
    ///   - method: any method with a name; ``HTTPMethod/other`` is malformed.
    ///   - target: the percent-encoded target.
    package mutating func requestLine(_ method: HTTPMethod, _ target: String) {
        guard method != .other else { return fail(.malformed) }
        write(method.name)
        write(" ")
        write(target) { bytes in
            bytes.byteCount > 0 && bytes.endOfTarget(from: 0, to: bytes.byteCount) == bytes.byteCount
        }
        write(" HTTP/1.1\r\n")
    }

    /// Writes a field.
    package mutating func field(_ name: String, _ value: String) {
        write(name) { bytes in
            bytes.byteCount > 0 && bytes.endOfToken(from: 0, to: bytes.byteCount) == bytes.byteCount
        }
        write(": ")
        end(field: value)
    }

    /// Writes the field that says what the body is.
    package mutating func contentType(_ value: String) {
        write("Content-Type: ")
        end(field: value)
    }

    private mutating func end(field value: String) {
        write(value) { bytes in bytes.endOfText(from: 0, to: bytes.byteCount) == bytes.byteCount }
        write("\r\n")
    }

    /// Writes field lines that another writer has written.
    package mutating func fields(_ lines: UnsafeRawBufferPointer) { write(lines) }

    /// Writes the Date field, which RFC 9110 requires of servers with a clock.
    package mutating func date(_ date: HTTPDate) {
        write("Date: ")
        date.text.span.withUnsafeBytes { write(UnsafeRawBufferPointer($0)) }
        write("\r\n")
    }

    /// Writes the field that delimits the body, if the framing needs one; a negative length is malformed.
    package mutating func framing(_ framing: BodyFraming) {
        switch framing {
        case .none, .untilClose: return
        case .chunked: write("Transfer-Encoding: chunked\r\n")
        case .length(let length):
            guard length >= 0 else { return fail(.malformed) }
            write("Content-Length: ")
            write(decimal: length)
            write("\r\n")
        }
    }

    /// Writes the Connection field, unless HTTP/1.1 implies it.
    ///
    /// Closing is always announced, even to an HTTP/1.0 peer: this message says HTTP/1.1, and a peer that goes by that
    /// would wait for another one.
    ///
    /// - Parameters:
    ///   - keepsAlive: whether the writer keeps the connection open after this message.
    ///   - version: the peer's version.
    package mutating func connection(keepsAlive: Bool, version: HTTPVersion) {
        if !keepsAlive {
            write("Connection: close\r\n")
        } else if version == .http10 {
            write("Connection: keep-alive\r\n")
        }
    }

    /// Writes the empty line that ends a head or the trailers.
    package mutating func end() { write("\r\n") }

    // MARK: - Chunks

    /// Writes a chunk.
    ///
    /// Writes nothing if there are no bytes, because an empty chunk is the last one.
    package mutating func chunk(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 0 else { return }
        chunkHead(bytes.count)
        write(bytes)
        chunkEnd()
    }

    /// Writes the line before a chunk whose bytes are sent separately; the size must not be 0.
    package mutating func chunkHead(_ size: Int) {
        precondition(size > 0, "a chunk's size must be positive, but is \(size); lastChunk ends a body")
        write(hexadecimal: size)
        write("\r\n")
    }

    /// Writes the line end after a chunk whose bytes were sent separately.
    package mutating func chunkEnd() { write("\r\n") }

    /// Writes the last chunk; trailers may follow, and ``end()`` must.
    package mutating func lastChunk() { write("0\r\n") }

    // MARK: - Bytes

    private mutating func fail(_ error: WriteError) {
        if self.error == nil { self.error = error }
    }

    @inline(__always) private mutating func write(_ text: StaticString) {
        // SAFETY: a static string lives in constant memory.
        write(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inline(__always) private mutating func write(_ bytes: UnsafeRawBufferPointer) {
        guard error == nil else { return }
        guard bytes.count <= buffer.count - count else { return fail(.noRoom) }
        // SAFETY: the check above ensures that the bytes fit, and they do not come from the buffer itself.
        UnsafeMutableRawBufferPointer(rebasing: buffer[count...]).copyMemory(from: bytes)
        count += bytes.count
    }

    /// Writes text if it is valid in its place.
    private mutating func write(_ text: String, _ isValid: (RawSpan) -> Bool) {
        let utf8 = text.utf8Span.span.bytes
        guard isValid(utf8) else { return fail(.malformed) }
        utf8.withUnsafeBytes { write($0) }
    }

    private mutating func write(digits code: UInt16) {
        guard (100...999).contains(code) else { return fail(.malformed) }
        write(decimal: Int(code))
    }

    private mutating func write(decimal number: Int) { write(UInt64(number), radix: 10) }

    private mutating func write(hexadecimal number: Int) { write(UInt64(number), radix: 16) }

    /// 20 digits hold any 64-bit number.
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
