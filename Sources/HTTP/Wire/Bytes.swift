// SPDX-License-Identifier: Apache-2.0
//
// Reads received bytes in place. The caller has checked the index against an end that is at most the byte count, so the
// loads are unchecked except for an assertion in debug builds.

extension RawSpan {
    /// One byte.
    @inline(__always) func byte(_ index: Int) -> UInt8 {
        assert(index >= 0 && index < byteCount, "no byte at \(index)")
        // SAFETY: the span keeps its memory valid, and the caller has checked the index.
        return unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
    }

    /// Eight bytes, the first in the lowest bits.
    @inline(__always) func word(_ index: Int) -> UInt64 {
        assert(index >= 0 && index + 8 <= byteCount, "no eight bytes at \(index)")
        // SAFETY: as above, with the index of the last byte.
        return UInt64(littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self))
    }

    /// The index of the first byte that a field's value may not contain, or `end`.
    @inline(__always) func endOfText(from start: Int, to end: Int) -> Int {
        var index = start
        while index + 8 <= end {
            let marks = EightBytes(word(index)).controls
            // Not derived from the marks, so that the next load does not depend on them.
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

    /// The index of the first byte that a request's target may not contain, or `end`.
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

    /// The index of the first byte that a token may not contain, or `end`.
    @inline(__always) func endOfToken(from start: Int, to end: Int) -> Int {
        var index = start
        while index < end, Ascii.isInToken(byte(index)) { index += 1 }
        return index
    }

    /// The index of the first byte with this value, or nil.
    func firstIndex(of wanted: UInt8, in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound {
            if byte(index) == wanted { return index }
            index += 1
        }
        return nil
    }

    /// The range without leading and trailing spaces and tabs.
    @inline(__always) func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, Ascii.isBlank(byte(start)) { start += 1 }
        while end > start, Ascii.isBlank(byte(end - 1)) { end -= 1 }
        return Range(uncheckedBounds: (start, end))
    }

    /// Whether a range equals a word, ignoring case.
    ///
    /// The word must be in lower case.
    @inline(__always) func has(_ word: StaticString, at range: Range<Int>) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        var index = 0
        while index < range.count {
            guard Ascii.lowercased(byte(range.lowerBound + index)) == word.byte(index) else { return false }
            index += 1
        }
        return true
    }

    /// Whether a range equals a word, case included.
    @inline(__always) func isExactly(_ word: StaticString, at range: Range<Int>) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        var index = 0
        while index < range.count {
            guard byte(range.lowerBound + index) == word.byte(index) else { return false }
            index += 1
        }
        return true
    }

    /// Calls `body` with each element of a comma-separated list, blanks trimmed, empty elements included.
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
    /// A byte of a static string.
    @inline(__always) func byte(_ index: Int) -> UInt8 {
        assert(index >= 0 && index < utf8CodeUnitCount, "the string has no byte \(index)")
        // SAFETY: a static string lives in constant memory, and the caller has checked the index.
        return utf8Start[index]
    }
}
