// SPDX-License-Identifier: Apache-2.0

/// Shortens names of C, C++ and Rust functions, for tables and graphs.
enum NativeName {
    /// The name without arguments, template arguments, return types, anonymous namespaces, symbol versions and the
    /// marks that compilers put on parts and copies of a function.
    static func readable(_ name: String) -> String {
        let function = withoutVersion(withoutMarks(name))
        let short = withoutGroups(function)
        // `<T as Trait>::f` of Rust has nothing before its colons.
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

    /// Drops what is in parentheses and angle brackets, and the qualifiers after it.
    ///
    /// The name as it is where a bracket has no partner.
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

    /// Drops the type that is told of functions made from templates.
    ///
    /// In `guard variable for f()::x` and `virtual thunk to f()`, the words before the name are no type.
    private static func withoutReturnType(_ name: String) -> String {
        if name.contains(" for ") || name.contains(" to ") { return name }
        // A blank may be within an operator's name: `operator new`.
        let end = name.firstRange(of: "operator")?.lowerBound ?? name.endIndex
        guard let blank = name[..<end].lastIndex(of: " ") else { return name }
        return String(name[name.index(after: blank)...])
    }

    /// Drops what can follow the arguments of a member function.
    private static func withoutQualifiers(_ name: String) -> String {
        var name = name.replacing(" const::", with: "::")
        while let qualifier = [" const", " volatile", " &", " &&", " "].first(where: name.hasSuffix) {
            name.removeLast(qualifier.count)
        }
        return name
    }

    /// How many characters of an operator's name come next and would be taken for brackets.
    ///
    /// That is 2 for `operator()` where `operator` has been kept.
    private static func operatorLength(_ rest: Substring, after kept: String) -> Int {
        guard kept.hasSuffix("operator") else { return 0 }
        let operators = ["()", "<<", "<"]
        return operators.first { rest.hasPrefix($0) }?.count ?? 0
    }
}
