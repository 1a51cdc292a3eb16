// SPDX-License-Identifier: Apache-2.0

/// RFC 3986's authority as HTTP uses it: a host and an optional port, without user information.
enum Authority {
    /// Whether a range is a host, optionally followed by a port.
    ///
    /// Bracketed IP literals of future versions are rejected.
    static func isValid(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        guard let hostEnd = endOfHost(bytes, range) else { return false }
        if hostEnd == range.upperBound { return true }
        guard bytes.byte(hostEnd) == Ascii.colon else { return false }
        return (hostEnd + 1..<range.upperBound).allSatisfy { Ascii.isDigit(bytes.byte($0)) }
    }

    /// Whether a range is a host followed by a port, as CONNECT requires.
    static func isValidWithPort(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        guard isValid(bytes, range), let hostEnd = endOfHost(bytes, range) else { return false }
        return range.upperBound - hostEnd > 1
    }

    /// The end of the host, or nil if there is no valid host.
    private static func endOfHost(_ bytes: RawSpan, _ range: Range<Int>) -> Int? {
        guard !range.isEmpty else { return nil }
        let isLiteral = bytes.byte(range.lowerBound) == Ascii.openingBracket
        return isLiteral ? endOfLiteral(bytes, range) : endOfName(bytes, range)
    }

    private static func endOfName(_ bytes: RawSpan, _ range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound, Ascii.isInHost(bytes.byte(index)) {
            guard bytes.byte(index) != Ascii.percent || isEscape(bytes, index, range.upperBound) else { return nil }
            index += 1
        }
        return index > range.lowerBound ? index : nil
    }

    private static func isEscape(_ bytes: RawSpan, _ index: Int, _ end: Int) -> Bool {
        index + 2 < end && Ascii.hexadecimal(bytes.byte(index + 1)) != nil
            && Ascii.hexadecimal(bytes.byte(index + 2)) != nil
    }

    private static func endOfLiteral(_ bytes: RawSpan, _ range: Range<Int>) -> Int? {
        let inner = range.dropFirst()
        guard let close = bytes.firstIndex(of: Ascii.closingBracket, in: inner), close > inner.lowerBound else {
            return nil
        }
        let isAddress = (inner.lowerBound..<close).allSatisfy { index in
            let byte = bytes.byte(index)
            return byte == Ascii.colon || byte == Ascii.dot || Ascii.hexadecimal(byte) != nil
        }
        return isAddress ? close + 1 : nil
    }
}
