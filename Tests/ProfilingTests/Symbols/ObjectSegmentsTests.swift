// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Profiling

@Suite("Segments of executables and libraries")
struct ObjectSegmentsTests {
    /// A 64-bit little-endian ELF file with just two segments, which share a page.
    private static func file() -> [UInt8] {
        var header: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1] + [UInt8](repeating: 0, count: 58)
        header[32] = 64
        header[54] = 56
        header[56] = 3
        return header
            + segment(type: 6, flags: 4, fileOffset: 0, address: 0x9_0000, size: 0x10_0000)
            + segment(type: 1, flags: 4, fileOffset: 0, address: 0, size: 0x1800)
            + segment(type: 1, flags: 5, fileOffset: 0x1800, address: 0x2800, size: 0x1000)
    }

    private static func segment(
        type: UInt64,
        flags: UInt64,
        fileOffset: UInt64,
        address: UInt64,
        size: UInt64
    ) -> [UInt8] {
        GperftoolsFileBytes.words([type | flags << 32, fileOffset, address, address, size, size, 0x1000])
    }

    private static func segments(_ file: [UInt8]) -> ObjectSegments? {
        ObjectSegments { offset, count in
            guard offset <= file.count, count <= file.count - Int(offset) else { return nil }
            return Array(file[Int(offset)..<Int(offset) + count])
        }
    }

    @Test("a file offset maps to the address that it was linked for")
    func addresses() throws {
        let segments = try #require(Self.segments(Self.file()))
        #expect(segments.address(ofFileOffset: 0x1234) == 0x1234)
        #expect(segments.address(ofFileOffset: 0x17ff) == 0x17ff)
        #expect(segments.address(ofFileOffset: 0x1800) == 0x2800)
        #expect(segments.address(ofFileOffset: 0x27ff) == 0x37ff)
        #expect(segments.address(ofFileOffset: 0x2800) == nil)
    }

    @Test("a file truncated at any byte has no segments")
    func cut() {
        let file = Self.file()
        for count in file.indices { #expect(Self.segments(Array(file[..<count])) == nil, "\(count) bytes") }
    }

    @Test("other byte orders, word sizes and entry sizes are refused", arguments: [0, 4, 5, 54])
    func foreign(byte: Int) {
        var file = Self.file()
        file[byte] += 1
        #expect(Self.segments(file) == nil)
    }

    @Test(
        "only regular files with absolute paths are opened",
        arguments: ["", "[vdso]", "bench", "/", "/dev/zero", "/nowhere/at/all", "/proc/self/maps"]
    )
    func noFile(path: String) {
        #expect(ObjectSegments(path: path) == nil)
    }

    @Test("this test's own executable has segments")
    func own() {
        #expect(ObjectSegments(path: "/proc/self/exe") != nil)
    }
}
