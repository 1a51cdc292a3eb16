// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The segments of an executable or library: translates offsets in its file into the addresses that it was linked for.
///
/// A mapping gives the former, and a symbolizer takes the latter. Reads 64-bit little-endian ELF files.
struct ObjectSegments: Sendable {
    private struct Segment: Sendable {
        let fileOffset: UInt64
        let size: UInt64
        let address: UInt64

        func contains(_ offset: UInt64) -> Bool { offset >= fileOffset && offset - fileOffset < size }
    }

    private let segments: [Segment]

    /// Reads the program headers of a file; nil if that fails or there are none.
    init?(path: String) {
        // Never open a device or a pipe: that may block, or have side effects.
        var status = stat()
        guard path.hasPrefix("/"), stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        self.init { offset, count in
            guard let offset = off_t(exactly: offset) else { return nil }
            var bytes = [UInt8](repeating: 0, count: count)
            return pread(file, &bytes, count, offset) == count ? bytes : nil
        }
    }

    /// Reads program headers.
    ///
    /// - Parameter bytes: returns a number of bytes at an offset, or nil if there are fewer.
    init?(_ bytes: (_ offset: UInt64, _ count: Int) -> [UInt8]?) {
        guard let header = bytes(0, 64), header.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1]) else { return nil }
        let entrySize = Int(Self.number(in: header, at: 54, size: 2))
        let entryCount = Int(Self.number(in: header, at: 56, size: 2))
        guard entrySize == 56, entryCount > 0,
            let table = bytes(Self.number(in: header, at: 32, size: 8), entrySize * entryCount)
        else { return nil }
        segments = stride(from: 0, to: table.count, by: entrySize).compactMap { Self.segment(in: table, at: $0) }
        if segments.isEmpty { return nil }
    }

    /// The address that the byte at an offset was linked for; nil outside all segments.
    func address(ofFileOffset offset: UInt64) -> UInt64? {
        guard let segment = segments.first(where: { $0.contains(offset) }) else { return nil }
        return segment.address &+ (offset - segment.fileOffset)
    }

    /// A program header of type PT_LOAD.
    private static func segment(in table: [UInt8], at start: Int) -> Segment? {
        guard number(in: table, at: start, size: 4) == 1 else { return nil }
        return Segment(
            fileOffset: number(in: table, at: start + 8, size: 8),
            size: number(in: table, at: start + 32, size: 8),
            address: number(in: table, at: start + 16, size: 8)
        )
    }

    private static func number(in bytes: [UInt8], at start: Int, size: Int) -> UInt64 {
        bytes[start..<start + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
