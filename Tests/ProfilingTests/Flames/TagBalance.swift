// SPDX-License-Identifier: Apache-2.0

/// Checks that an XML text is well formed; knows as much of XML as an SVG without comments needs.
enum TagBalance {
    /// The first error, or nil.
    static func problem(_ text: String) -> String? {
        var open: [Substring] = []
        var rest = text.unicodeScalars[...]
        while let begin = rest.firstIndex(of: "<") {
            guard let end = rest[begin...].firstIndex(of: ">") else { return "a tag without an end" }
            let tag = Substring(rest[rest.index(after: begin)..<end])
            rest = rest[rest.index(after: end)...]
            if tag.contains("<") { return "a tag within a tag: \(tag)" }
            if tag.unicodeScalars.filter({ $0 == "\"" }).count % 2 != 0 { return "an odd number of quotes: \(tag)" }
            let name = tag.prefix { !$0.isWhitespace }
            if name.hasPrefix("/") {
                guard open.popLast() == name.dropFirst() else { return "an end without a beginning: \(tag)" }
            } else if !tag.hasSuffix("/") {
                open.append(name)
            }
        }
        return open.isEmpty ? nil : "no end of \(open)"
    }

    /// Whether every ampersand begins one of the predefined references.
    static func hasOnlyKnownReferences(_ text: String) -> Bool {
        let known = ["amp;", "lt;", "gt;", "quot;", "#39;"]
        return text.utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).dropFirst()
            .allSatisfy { rest in known.contains { rest.starts(with: $0.utf8) } }
    }
}
