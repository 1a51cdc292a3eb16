// SPDX-License-Identifier: Apache-2.0

/// A range of a process's addresses and the file mapped there: a line of `/proc/self/maps`.
package struct Mapping: Sendable, Equatable {
    /// The first address.
    package let start: UInt64
    /// The address after the last one.
    package let end: UInt64
    /// The byte offset of the first address within the file.
    package let fileOffset: UInt64
    /// The file as the kernel names it; a name like `[vdso]` for no file, empty for anonymous memory.
    package let path: String
    /// Whether code may run there.
    package let isExecutable: Bool

    package init(start: UInt64, end: UInt64, fileOffset: UInt64, path: String, isExecutable: Bool) {
        self.start = start
        self.end = end
        self.fileOffset = fileOffset
        self.path = path
        self.isExecutable = isExecutable
    }

    /// The file's name without its directory; nil for anonymous memory.
    package var object: String? {
        guard path.hasPrefix("/") else { return path.isEmpty ? nil : path }
        return path.split(separator: "/").last.map(String.init)
    }

    /// Parses the text of `/proc/self/maps`; the mappings are sorted by address, and other lines are ignored.
    package static func list(_ text: String) -> [Mapping] {
        text.split(whereSeparator: \.isNewline).compactMap { Mapping(line: $0) }.sorted { $0.start < $1.start }
    }

    /// A line such as `559d3000-559e9000 r-xp 00002000 fe:01 1234   /usr/bin/name with blanks`.
    private init?(line: Substring) {
        let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
        guard fields.count >= 5 else { return nil }
        let ends = fields[0].split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0, radix: 16) }
        guard ends.count == 2, let start = ends[0], let end = ends[1], start < end,
            fields[1].count >= 3, let fileOffset = UInt64(fields[2], radix: 16)
        else { return nil }
        self.init(
            start: start,
            end: end,
            fileOffset: fileOffset,
            path: fields.count > 5 ? String(fields[5].drop { $0 == " " }) : "",
            isExecutable: fields[1].dropFirst(2).first == "x"
        )
    }
}

/// Finds the mapping of an address.
struct MappingIndex {
    private let mappings: [Mapping]

    /// - Parameter mappings: in any order; of two that overlap, the one that starts later wins.
    init(_ mappings: [Mapping]) { self.mappings = mappings.sorted { $0.start < $1.start } }

    /// The mapping that contains an address, if any.
    subscript(address: UInt64) -> Mapping? {
        var low = 0
        var high = mappings.count
        while low < high {
            let middle = (low + high) / 2
            if mappings[middle].start <= address { low = middle + 1 } else { high = middle }
        }
        guard low > 0, address < mappings[low - 1].end else { return nil }
        return mappings[low - 1]
    }
}
