// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import HTTP

@Suite struct `Characters` {
    private static let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

    @Test(arguments: 0...255 as ClosedRange<UInt8>)
    func `Each byte belongs to the sets that the RFCs define`(byte: UInt8) {
        func isOne(of characters: String) -> Bool { characters.utf8.contains(byte) }
        let alphanumeric = Self.letters + "0123456789"
        #expect(Ascii.isInToken(byte) == isOne(of: alphanumeric + "!#$%&'*+-.^_`|~"))
        #expect(Ascii.isInHost(byte) == isOne(of: alphanumeric + "-._~!$&'()*+,;=%"))
        #expect(Ascii.isInScheme(byte) == isOne(of: alphanumeric + "+-."))
        #expect(Ascii.isDigit(byte) == isOne(of: "0123456789"))
        #expect(Ascii.isLetter(byte) == isOne(of: Self.letters))
        #expect((Ascii.hexadecimal(byte) != nil) == isOne(of: "0123456789abcdefABCDEF"))
        let scalar = String(Unicode.Scalar(byte))
        #expect(Ascii.lowercased(byte) == (byte < 0x80 ? scalar.lowercased().utf8.first : byte))
        if byte < 0x80 { #expect(Ascii.hexadecimal(byte) == UInt8(scalar, radix: 16)) }
    }

    /// Tests each byte at each of eight positions, surrounded by bytes near the limits of the sets.
    @Test func `Eight bytes at a time give the same result as one at a time`() {
        for filler in [0x20, 0x21, 0x7E, 0x80, 0xFF, 0x41, 0x09] as [UInt8] {
            for byte in 0...255 as ClosedRange<UInt8> {
                for place in 0..<20 {
                    var bytes = [UInt8](repeating: filler, count: 20)
                    bytes[place] = byte
                    let text = bytes.firstIndex { !Ascii.isText($0) } ?? bytes.count
                    #expect(bytes.span.bytes.endOfText(from: 0, to: bytes.count) == text)
                    let target = bytes.firstIndex { !Ascii.isInTarget($0) } ?? bytes.count
                    #expect(bytes.span.bytes.endOfTarget(from: 0, to: bytes.count) == target)
                }
            }
        }
    }

    @Test func `No byte after the end is read`() {
        let bytes: [UInt8] = Array("aaaaaaaaaaaaaaa\0".utf8)
        for start in 0..<15 {
            for end in start..<16 {
                #expect(bytes.span.bytes.endOfText(from: start, to: end) == end)
                #expect(bytes.span.bytes.endOfTarget(from: start, to: end) == end)
                #expect(bytes.span.bytes.endOfToken(from: start, to: end) == end)
            }
        }
    }
}
