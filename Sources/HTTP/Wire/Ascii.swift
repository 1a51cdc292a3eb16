// SPDX-License-Identifier: Apache-2.0

/// The characters of HTTP's grammar.
enum Ascii {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let quote: UInt8 = 0x22
    static let percent: UInt8 = 0x25
    static let asterisk: UInt8 = 0x2A
    static let comma: UInt8 = 0x2C
    static let dot: UInt8 = 0x2E
    static let slash: UInt8 = 0x2F
    static let zero: UInt8 = 0x30
    static let colon: UInt8 = 0x3A
    static let semicolon: UInt8 = 0x3B
    static let question: UInt8 = 0x3F
    static let openingBracket: UInt8 = 0x5B
    static let backslash: UInt8 = 0x5C
    static let closingBracket: UInt8 = 0x5D

    /// One character of RFC 9110's `OWS`.
    @inline(__always) static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }

    /// RFC 9110's `tchar`: letters, digits, and ``!#$%&'*+-.^_`|~``.
    @inline(__always) static func isInToken(_ byte: UInt8) -> Bool {
        isMember(byte, 0x03FF_6CFA_0000_0000, 0x57FF_FFFF_C7FF_FFFE)
    }

    /// Characters allowed in a field's value: blanks, visible ASCII, and non-ASCII bytes.
    @inline(__always) static func isText(_ byte: UInt8) -> Bool { byte == tab || (byte >= 0x20 && byte != 0x7F) }

    /// Characters allowed in a request's target: visible ASCII without `#`, which begins a fragment.
    ///
    /// RFC 3986 allows fewer, but browsers send characters such as `|` and `"`, and none of these is ambiguous.
    @inline(__always) static func isInTarget(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F && byte != 0x23 }

    /// RFC 3986's `reg-name`, percent signs included: ``A-Za-z0-9-._~!$&'()*+,;=%``.
    @inline(__always) static func isInHost(_ byte: UInt8) -> Bool {
        isMember(byte, 0x2BFF_7FF2_0000_0000, 0x47FF_FFFE_87FF_FFFE)
    }

    /// RFC 3986's `scheme`, after its first character.
    @inline(__always) static func isInScheme(_ byte: UInt8) -> Bool {
        isMember(byte, 0x03FF_6800_0000_0000, 0x07FF_FFFE_07FF_FFFE)
    }

    @inline(__always) static func isDigit(_ byte: UInt8) -> Bool { byte &- zero < 10 }

    @inline(__always) static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    /// The value of a hexadecimal digit, or nil.
    @inline(__always) static func hexadecimal(_ byte: UInt8) -> UInt8? {
        if isDigit(byte) { return byte &- zero }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? letter + 10 : nil
    }

    /// The character in lower case if it is an ASCII letter.
    @inline(__always) static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// Whether a set of ASCII characters, given as bits 0 to 63 and 64 to 127, contains a character.
    @inline(__always) private static func isMember(_ byte: UInt8, _ lower: UInt64, _ upper: UInt64) -> Bool {
        guard byte < 0x80 else { return false }
        return ((byte < 0x40 ? lower : upper) >> UInt64(byte & 0x3F)) & 1 != 0
    }
}
