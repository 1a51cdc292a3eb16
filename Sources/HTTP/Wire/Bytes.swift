// SPDX-License-Identifier: Apache-2.0
//
// Reading received bytes in place. Whoever reads has compared the index with the end before, and the end is at most the
// number of bytes; so the loads are unchecked, but for an assertion in debug builds.

extension RawSpan {
    /// One byte.
    @inline(__always) func byte(_ index: Int) -> UInt8 {
        assert(index >= 0 && index < byteCount, "no byte was received at \(index)")
        // SAFETY: the span keeps its memory valid, and the caller has compared the index with its end.
        return unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
    }

    /// Eight bytes, the first one lowest.
    @inline(__always) func word(_ index: Int) -> UInt64 {
        assert(index >= 0 && index + 8 <= byteCount, "no eight bytes were received at \(index)")
        // SAFETY: as above, with the index of the last of the eight.
        return UInt64(littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self))
    }

    /// Where a text ends: at the first byte that may not stand in a field's value, or at `end`.
    @inline(__always) func endOfText(from start: Int, to end: Int) -> Int {
        var index = start
        while index + 8 <= end {
            let marks = EightBytes(word(index)).controls
            // Not counted from the marks, so that the next load need not wait for them.
            if marks.isEmpty {
                index += 8
                continue
            }
            index += marks.first
            guard byte(index) == Ascii.tab else { return index }
            index += 1
        }
        while index < end, Ascii.isText(byte(index)) { index += 1 }
        return index
    }

    /// Where a request's target ends: at the first byte that may not stand in one, or at `end`.
    @inline(__always) func endOfTarget(from start: Int, to end: Int) -> Int {
        var index = start
        while index + 8 <= end {
            let marks = EightBytes(word(index)).outsideTarget
            guard marks.isEmpty else { return index + marks.first }
            index += 8
        }
        while index < end, Ascii.isInTarget(byte(index)) { index += 1 }
        return index
    }

    /// Where a token ends: at the first byte that is not of its characters, or at `end`.
    @inline(__always) func endOfToken(from start: Int, to end: Int) -> Int {
        var index = start
        while index < end, Ascii.isInToken(byte(index)) { index += 1 }
        return index
    }

    /// Where the first byte of this value is; nil where there is none.
    func firstIndex(of wanted: UInt8, in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound {
            if byte(index) == wanted { return index }
            index += 1
        }
        return nil
    }

    /// The range without spaces and tabs at its ends.
    @inline(__always) func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, Ascii.isBlank(byte(start)) { start += 1 }
        while end > start, Ascii.isBlank(byte(end - 1)) { end -= 1 }
        return Range(uncheckedBounds: (start, end))
    }

    /// Whether a range holds this word, which is given in lower case, in any case.
    @inline(__always) func has(_ word: StaticString, at range: Range<Int>) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        var index = 0
        while index < range.count {
            guard Ascii.lowercased(byte(range.lowerBound + index)) == word.byte(index) else { return false }
            index += 1
        }
        return true
    }

    /// Whether a range holds this word, in the same case.
    @inline(__always) func isExactly(_ word: StaticString, at range: Range<Int>) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        var index = 0
        while index < range.count {
            guard byte(range.lowerBound + index) == word.byte(index) else { return false }
            index += 1
        }
        return true
    }

    /// Calls with each element of a comma-separated list, blanks trimmed, the empty ones included.
    @inline(__always) func forEachElement(in list: Range<Int>, _ body: (Range<Int>) -> Void) {
        var start = list.lowerBound
        while let comma = firstIndex(of: Ascii.comma, in: start..<list.upperBound) {
            body(trimmed(start..<comma))
            start = comma + 1
        }
        body(trimmed(start..<list.upperBound))
    }
}

extension StaticString {
    /// One byte of a word that has at least so many.
    @inline(__always) func byte(_ index: Int) -> UInt8 {
        assert(index >= 0 && index < utf8CodeUnitCount, "the word has no byte \(index)")
        // SAFETY: a static string is of constant memory, and the caller has compared the index with its length.
        return utf8Start[index]
    }
}
