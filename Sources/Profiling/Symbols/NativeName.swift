// SPDX-License-Identifier: Apache-2.0

/// Shortens names of C, C++ and Rust functions, for tables and graphs.
enum NativeName {
    /// Drops arguments, template arguments, return types, anonymous namespaces, symbol versions, and compilers'
    /// suffixes for parts and clones of a function.
    static func readable(_ name: String) -> String {
        let function = withoutVersion(withoutMarks(name))
        let short = withoutGroups(function)
        // Rust's `<T as Trait>::f` leaves nothing before the colons.
        return short.isEmpty || short.hasPrefix("::") ? function : short
    }

    /// Drops `.cold`, `.part.0`, `.constprop.0.isra.0`, ` (.cold)` and ` [clone .cold]`.
    private static func withoutMarks(_ name: String) -> String {
        var name = Substring(name)
        let marks = [" [clone .", " (."].compactMap { name.firstRange(of: $0)?.lowerBound }
        name = name[..<(marks.min() ?? name.endIndex)]
        while let dot = name.lastIndex(of: "."), dot > name.startIndex {
            let mark = name[name.index(after: dot)...]
            guard isMark(mark) || isNumber(mark) && isMark(name[..<dot].split(separator: ".").last ?? "") else { break }
            name = name[..<dot]
        }
        return String(name)
    }

    private static func isMark(_ text: Substring) -> Bool {
        ["cold", "part", "isra", "constprop", "llvm", "lto_priv", "localalias", "warm", "clone"].contains(String(text))
    }

    private static func isNumber(_ text: Substring) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isNumber }
    }

    /// Drops `@GLIBC_2.2.5` and `@@GLIBC_2.2.5`, and keeps `@plt`.
    private static func withoutVersion(_ name: String) -> String {
        guard let at = name.firstIndex(of: "@"), at > name.startIndex, !name.hasSuffix("@plt"),
            name.allSatisfy({ !$0.isWhitespace && $0 != "(" })
        else { return name }
        return String(name[..<at])
    }

    /// Drops parentheses and angle brackets with their contents, and the qualifiers after them.
    ///
    /// Returns the name unchanged if a bracket has no partner.
    private static func withoutGroups(_ name: String) -> String {
        let plain = name.replacing("(anonymous namespace)::", with: "")
        var kept = ""
        var open: [Character] = []
        var rest = Substring(plain)
        var previous: Character = " "
        while let character = rest.first {
            let length = operatorLength(rest, after: kept)
            if length > 0, open.isEmpty {
                kept += rest.prefix(length)
                rest = rest.dropFirst(length)
                continue
            }
            rest = rest.dropFirst()
            defer { previous = character }
            switch character {
            case "(", "<": open.append(character)
            case ")":
                guard let start = open.lastIndex(of: "(") else { return plain }
                open.removeSubrange(start...)
            case ">" where open.last == "<" && previous != "-": open.removeLast()
            default: if open.isEmpty { kept.append(character) }
            }
        }
        guard open.isEmpty else { return plain }
        let function = withoutQualifiers(kept)
        return plain.contains("(") ? withoutReturnType(function) : function
    }

    /// Drops the return type, which function templates have in their names.
    ///
    /// In `guard variable for f()::x` and `virtual thunk to f()`, the words before the name are not a type.
    private static func withoutReturnType(_ name: String) -> String {
        if name.contains(" for ") || name.contains(" to ") { return name }
        // An operator's name may contain a space: `operator new`.
        let end = name.firstRange(of: "operator")?.lowerBound ?? name.endIndex
        guard let blank = name[..<end].lastIndex(of: " ") else { return name }
        return String(name[name.index(after: blank)...])
    }

    /// Drops the qualifiers that can follow a member function's arguments.
    private static func withoutQualifiers(_ name: String) -> String {
        var name = name.replacing(" const::", with: "::")
        while let qualifier = [" const", " volatile", " &", " &&", " "].first(where: name.hasSuffix) {
            name.removeLast(qualifier.count)
        }
        return name
    }

    /// The number of characters that look like brackets but continue an operator's name: 2 after `operator` in
    /// `operator()`.
    private static func operatorLength(_ rest: Substring, after kept: String) -> Int {
        guard kept.hasSuffix("operator") else { return 0 }
        let operators = ["()", "<<", "<"]
        return operators.first { rest.hasPrefix($0) }?.count ?? 0
    }
}
