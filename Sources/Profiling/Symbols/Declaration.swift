// SPDX-License-Identifier: Apache-2.0

/// Where the code of a Swift symbol is declared.
struct Declaration: Equatable, Sendable {
    /// Nil for thunks and for declarations imported from C.
    var module: String?
    /// The types from the outermost in, then the function, with its argument labels if it has any: `["Lock", "lock"]`,
    /// `["WaitQueue", "insert(_:before:)"]`.
    ///
    /// A closure has the path of the function around it, a protocol witness that of the conforming type's member, and
    /// compiler-generated code that copies or destroys values none. An extension of `UnsafeMutablePointer` for one type
    /// of pointee counts as a part of the pointee.
    var path: [String] = []
}

/// Finds a symbol's declaration in its demangling tree, whose nodes are visited in order from the root.
///
/// A node's context is its first child, so the names come from the outside in, each one level above the one before.
struct DeclarationSearch {
    /// Whether no node has been visited.
    private(set) var isEmpty = true
    private var module: Substring?
    private var path: [String] = []
    /// The path's names are at this depth or above; deeper nodes belong to argument types.
    private var nameDepth = 0
    private var previousKind: Substring = ""
    private var skippedDepth: Int?
    private var conformanceDepth: Int?
    private var isInExtension = false
    private var isOutlined = false
    private var privateNameDepth: Int?
    private var labels: (text: String, depth: Int)?

    /// The result, once all nodes have been visited.
    var declaration: Declaration {
        // Declarations imported from C have a pseudo-module `__C`.
        let module = module.flatMap { $0.hasPrefix("__C") ? nil : String($0) }
        return Declaration(module: module, path: isOutlined ? [] : path)
    }

    mutating func visit(_ node: ManglingNode) {
        isEmpty = false
        if let depth = skippedDepth, node.depth > depth { return }
        skippedDepth = Self.namesOthers(node.kind) ? node.depth : nil
        if module == nil { findModule(node) } else { addName(node) }
        previousKind = node.kind
    }

    private mutating func findModule(_ node: ManglingNode) {
        switch node.kind {
        case _ where node.kind.hasPrefix("Outlined"): isOutlined = true
        case "ProtocolConformance": conformanceDepth = conformanceDepth ?? node.depth
        case "Identifier" where path.isEmpty && previousKind != "PrivateDeclName": path = [node.name]
        case "Module":
            // A conformance names the type and the protocol first, and its own module last.
            guard conformanceDepth == nil || node.depth - 1 == conformanceDepth else { return }
            module = node.text
            isInExtension = previousKind == "Extension"
            nameDepth = isInExtension ? node.depth - 1 : node.depth
        default: break
        }
    }

    private mutating func addName(_ node: ManglingNode) {
        if let depth = privateNameDepth, node.depth > depth { return replacePrivateName(node) }
        if let depth = labels?.depth, node.depth > depth { return addLabel(node) }
        endParts()
        if isInExtension, node.depth > nameDepth { return addExtendedType(node) }
        switch node.kind {
        case "LabelList" where node.depth == nameDepth + 1: labels = ("", node.depth)
        case "Identifier" where node.depth <= nameDepth: add(node.name, at: node.depth)
        case "PrivateDeclName" where node.depth <= nameDepth, "LocalDeclName" where node.depth <= nameDepth:
            add("", at: node.depth)
            privateNameDepth = node.depth
        default: break
        }
    }

    private mutating func add(_ name: String, at depth: Int) {
        path.append(name)
        nameDepth = depth - 1
        isInExtension = false
    }

    /// Adds the extended type or, for a pointer, the pointee that the extension requires.
    private mutating func addExtendedType(_ node: ManglingNode) {
        guard node.kind == "Identifier", path.isEmpty || path == ["UnsafeMutablePointer"] else { return }
        path = [node.name]
    }

    /// A private name's discriminator comes first, and the name last.
    private mutating func replacePrivateName(_ node: ManglingNode) {
        if node.kind == "Identifier" { path[path.count - 1] = node.name }
    }

    private mutating func addLabel(_ node: ManglingNode) {
        labels?.text += node.kind == "Identifier" ? "\(node.name):" : "_:"
    }

    private mutating func endParts() {
        if let text = labels?.text, !text.isEmpty, !path.isEmpty { path[path.count - 1] += "(\(text))" }
        labels = nil
        privateNameDepth = nil
    }

    /// Whether the nodes below name the types or functions that a function is specialized for, or converts between.
    private static func namesOthers(_ kind: Substring) -> Bool {
        kind.contains("Specialization") || kind.hasPrefix("ReabstractionThunk")
    }
}

/// A line of a symbol's demangling tree: `  kind=Module, text="Tasklets"`.
struct ManglingNode {
    let depth: Int
    let kind: Substring
    let text: Substring?

    var name: String { text.map(String.init) ?? "" }

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
