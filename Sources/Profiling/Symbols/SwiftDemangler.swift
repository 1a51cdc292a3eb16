// SPDX-License-Identifier: Apache-2.0

/// A Swift function's name for people, and the module that it belongs to.
struct SwiftName: Equatable, Sendable {
    let function: String
    let module: String?
}

/// Asks `swift-demangle` about mangled names.
struct SwiftDemangler: Sendable {
    /// `swift-demangle`.
    let tool: Tool

    /// Whether a linker's symbol has the form of a mangled Swift name.
    static func isMangled(_ symbol: String) -> Bool {
        ["$s", "_$s", "$S", "_$S", "$e", "_$e", "_T0"].contains { symbol.hasPrefix($0) }
    }

    /// What each symbol stands for.
    ///
    /// Symbols that are no mangled names are left out. Throws a ``SymbolizerError``, or `CancellationError`.
    func names(of symbols: Set<String>) async throws -> [String: SwiftName] {
        if symbols.isEmpty { return [:] }
        // The expanded form has the tree of the symbol, which tells the module, and the simplified name after it.
        return Self.names(try await tool.output(arguments: ["-expand", "-simplified"], lines: symbols.sorted()))
    }

    /// Reads expanded output: `Demangling for $s...`, the lines of the tree, and the name, again and again.
    static func names(_ output: String) -> [String: SwiftName] {
        var names: [String: SwiftName] = [:]
        var symbol: Substring?
        var search = ModuleSearch()
        for line in output.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix(heading) {
                symbol = line.dropFirst(heading.count)
                search = ModuleSearch()
            } else if let node = ManglingNode(line: line) {
                search.visit(node)
            } else if let mangled = symbol {
                symbol = nil
                // A name that cannot be demangled has no tree.
                if search.isEmpty { continue }
                let name = SwiftName(function: ReadableSwift.name(String(line)), module: search.module)
                names[String(mangled)] = name
            }
        }
        return names
    }

    private static let heading = "Demangling for "
}

/// A line of a symbol's tree: `  kind=Module, text="Tasklets"`.
private struct ManglingNode {
    let depth: Int
    let kind: Substring
    let text: Substring?

    init?(line: Substring) {
        let content = line.drop { $0 == " " }
        guard content.hasPrefix("kind=") else { return nil }
        depth = (line.utf8.count - content.utf8.count) / 2
        kind = content.dropFirst(5).prefix { $0 != "," }
        let mark = ", text=\""
        let rest = content.dropFirst(5 + kind.count)
        text = rest.hasPrefix(mark) ? rest.dropFirst(mark.count).dropLast() : nil
    }
}

/// Finds the module of a symbol in its tree, which is visited from the root.
private struct ModuleSearch {
    /// Whether no node has been visited.
    private(set) var isEmpty = true
    private var found: Substring?
    private var skippedDepth: Int?
    private var conformanceDepth: Int?

    /// Nil where the symbol belongs to none.
    ///
    /// What has been imported from C is in a module of that kind, not of that name.
    var module: String? { found.flatMap { $0.hasPrefix("__C") ? nil : String($0) } }

    mutating func visit(_ node: ManglingNode) {
        isEmpty = false
        if found != nil { return }
        if let depth = skippedDepth, node.depth > depth { return }
        skippedDepth = Self.namesOthers(node.kind) ? node.depth : nil
        if node.kind == "ProtocolConformance" && conformanceDepth == nil { conformanceDepth = node.depth }
        guard node.kind == "Module" else { return }
        // A conformance names the type and the protocol first, which may be of other modules than it is.
        if conformanceDepth == nil || node.depth - 1 == conformanceDepth { found = node.text }
    }

    /// Whether the nodes below are types or functions that a function is specialized for, or converts between.
    private static func namesOthers(_ kind: Substring) -> Bool {
        kind.contains("Specialization") || kind.hasPrefix("ReabstractionThunk")
    }
}
