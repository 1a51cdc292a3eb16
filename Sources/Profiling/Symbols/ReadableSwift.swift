// SPDX-License-Identifier: Apache-2.0

/// Shortens the output of `swift-demangle -simplified` for tables and graphs.
enum ReadableSwift {
    /// Drops what distinguishes the variants of one function: specializations, merged bodies, type attributes and
    /// generic arguments.
    ///
    /// Closures, thunks and the like keep their descriptions. Names with raw identifiers, which may contain any
    /// character, stay unchanged.
    static func name(_ simplified: String) -> String {
        let name = withoutVariants(simplified)
        if name.contains("`") { return name }
        let plain = withoutAttributes(name)
        // Outlined code is named by the type that it handles, so the generic arguments stay.
        return plain.hasPrefix("outlined ") ? plain : withoutGenerics(plain)
    }

    /// Drops the words `specialized` and `merged` unless they are identifiers.
    private static func withoutVariants(_ name: String) -> String {
        let words = name.split(separator: " ", omittingEmptySubsequences: false)
        let kept = words.indices.filter { index in
            guard words[index] == "specialized" || words[index] == "merged" else { return true }
            // A number follows the name of a local function: `merged #1 () in f()`.
            return index + 1 == words.endIndex || words[index + 1].hasPrefix("#")
        }
        return kept.map { words[$0] }.joined(separator: " ")
    }

    /// Drops `@Sendable`, `@isolated(any)`, `@callee_guaranteed` and so on, each with the space after it.
    private static func withoutAttributes(_ name: String) -> String {
        var kept = ""
        var rest = Substring(name)
        while let at = rest.firstIndex(of: "@") {
            kept += rest[..<at]
            rest = rest[rest.index(after: at)...].drop { $0.isLetter || $0 == "_" }
            if rest.hasPrefix("(any)") { rest = rest.dropFirst(5) }
            if rest.hasPrefix(" ") { rest = rest.dropFirst() }
        }
        return kept + rest
    }

    /// Drops `<...>` after an identifier, after the number of a local function, and before the type of a conformance.
    ///
    /// Returns the name unchanged if a group does not end.
    private static func withoutGenerics(_ name: String) -> String {
        var kept = ""
        var depth = 0
        var previous: Character = " "
        for character in name {
            switch character {
            case "<" where depth > 0 || opensGenerics(after: previous, kept): depth += 1
            case ">" where depth > 0: if previous != "-" { depth -= 1 }
            case " " where previous == ">" && kept.last == " ": break
            default: if depth == 0 { kept.append(character) }
            }
            previous = character
        }
        return depth == 0 ? kept : name
    }

    /// Whether `<` opens generic arguments; as an operator it would follow a full stop or a space.
    private static func opensGenerics(after previous: Character, _ kept: String) -> Bool {
        switch previous {
        case " ": kept.hasSuffix(" conformance ") || kept.dropLast().last?.isNumber == true
        // A second group follows the first.
        case ">": kept.last.map { isIdentifier($0) || $0 == " " } ?? false
        default: isIdentifier(previous)
        }
    }

    private static func isIdentifier(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }
}
