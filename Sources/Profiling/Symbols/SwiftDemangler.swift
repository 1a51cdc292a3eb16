// SPDX-License-Identifier: Apache-2.0

/// What a mangled Swift symbol stands for.
struct SwiftName: Equatable, Sendable {
    /// The function, as people read it.
    let function: String
    let declaration: Declaration
}

/// Demangles Swift symbols with `swift-demangle`.
struct SwiftDemangler: Sendable {
    /// `swift-demangle`.
    let tool: Tool

    /// Whether a linker symbol has the form of a mangled Swift name.
    static func isMangled(_ symbol: String) -> Bool {
        ["$s", "_$s", "$S", "_$S", "$e", "_$e", "_T0"].contains { symbol.hasPrefix($0) }
    }

    /// What each symbol stands for; symbols that do not demangle are left out.
    ///
    /// Throws a ``SymbolizerError``, or `CancellationError`.
    func names(of symbols: Set<String>) async throws -> [String: SwiftName] {
        if symbols.isEmpty { return [:] }
        // The expanded form prints the symbol's tree, which holds the declaration, and then the simplified name.
        return Self.names(try await tool.output(arguments: ["-expand", "-simplified"], lines: symbols.sorted()))
    }

    /// Parses expanded output: for each symbol `Demangling for $s...`, the lines of the tree, and the name.
    static func names(_ output: String) -> [String: SwiftName] {
        var names: [String: SwiftName] = [:]
        var symbol: Substring?
        var search = DeclarationSearch()
        for line in output.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix(heading) {
                symbol = line.dropFirst(heading.count)
                search = DeclarationSearch()
            } else if let node = ManglingNode(line: line) {
                search.visit(node)
            } else if let mangled = symbol {
                symbol = nil
                // A symbol that does not demangle has no tree.
                if search.isEmpty { continue }
                let function = ReadableSwift.name(String(line))
                names[String(mangled)] = SwiftName(function: function, declaration: search.declaration)
            }
        }
        return names
    }

    private static let heading = "Demangling for "
}
