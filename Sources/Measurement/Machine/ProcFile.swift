// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Small text files that the kernel provides below `/proc` and `/sys`.
package enum ProcFile {
    /// The text of a file; nil if it cannot be read.
    package static func text(of path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(file, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The first line of a file, without surrounding white space; nil if the file cannot be read or is empty.
    package static func line(of path: String) -> String? {
        guard let text = text(of: path) else { return nil }
        let line = text.split(separator: "\n").first.map { trimmed($0) } ?? ""
        return line.isEmpty ? nil : line
    }

    /// The names in a directory, in no particular order; empty if it cannot be read.
    package static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            // SAFETY: the entry belongs to the directory, and is valid until the next call; its name ends with a zero.
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// The value of a key in text made of `key: value` lines, such as `/proc/cpuinfo` and `/proc/self/status`.
    package static func value(of key: String, in text: String) -> String? {
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":"), trimmed(line[..<colon]) == key else { continue }
            return trimmed(line[line.index(after: colon)...])
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> String {
        let blank: (Character) -> Bool = { $0.isWhitespace }
        return String(text.drop(while: blank).reversed().drop(while: blank).reversed())
    }
}
