// SPDX-License-Identifier: Apache-2.0

/// The line before a chunk: its size, and extensions, which are skipped.
struct ChunkHead: Line {
    var size: Int
    /// The length of the extensions, in bytes.
    var extensions: Int
    /// The index at which the chunk begins.
    var next: Int

    /// 16 digits make 64 bits.
    static let maximumDigits = 16

    /// Parses the line; nil if it is incomplete.
    ///
    /// Blanks between size and semicolon are rejected, and the line must end with CR LF: recipients that disagreed on
    /// either have been tricked into seeing different chunks. An extension must have a name, and is any text beyond it,
    /// well-formed or not.
    static func parse(_ bytes: RawSpan, from start: Int, to end: Int) throws(HTTPError) -> ChunkHead? {
        guard let (size, digitsEnd) = try parseSize(bytes, from: start, to: end) else { return nil }
        let isExtended = bytes.byte(digitsEnd) == Ascii.semicolon
        let extensionsEnd = isExtended ? bytes.endOfText(from: digitsEnd, to: end) : digitsEnd
        guard
            let next = try FieldLine.parseLineEnd(bytes, from: extensionsEnd, to: end, otherwise: .malformedChunkSize)
        else { return nil }
        if isExtended, !areNamed(bytes, digitsEnd..<extensionsEnd) { throw .malformedChunkExtension }
        return ChunkHead(size: size, extensions: extensionsEnd - digitsEnd, next: next)
    }

    /// Whether each semicolon outside quotes is followed by a name, after blanks perhaps.
    private static func areNamed(_ bytes: RawSpan, _ extensions: Range<Int>) -> Bool {
        var (isQuoted, isEscaped, expectsName) = (false, false, false)
        for index in extensions {
            let byte = bytes.byte(index)
            if isQuoted {
                if byte == Ascii.quote, !isEscaped { isQuoted = false }
                isEscaped = byte == Ascii.backslash && !isEscaped
            } else if expectsName {
                guard !Ascii.isBlank(byte) else { continue }
                guard Ascii.isInToken(byte) else { return false }
                expectsName = false
            } else if byte == Ascii.semicolon {
                expectsName = true
            } else if byte == Ascii.quote {
                isQuoted = true
            }
        }
        return !expectsName
    }

    /// Parses the digits; nil unless another byte follows them.
    private static func parseSize(
        _ bytes: RawSpan,
        from start: Int,
        to end: Int
    ) throws(HTTPError) -> (size: Int, end: Int)? {
        var size: UInt64 = 0
        var index = start
        while index < end, let digit = Ascii.hexadecimal(bytes.byte(index)) {
            guard index - start < maximumDigits else { throw .malformedChunkSize }
            size = size << 4 | UInt64(digit)
            index += 1
        }
        // Exceeds any limit.
        guard size <= UInt64(Int.max) else { throw .bodyTooLong }
        guard index < end else { return nil }
        guard index > start else {
            throw bytes.byte(index) == Ascii.lineFeed ? .malformedLineEnd : .malformedChunkSize
        }
        return (Int(size), index)
    }
}
