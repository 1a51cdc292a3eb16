// SPDX-License-Identifier: Apache-2.0

/// Names code for the profiler to recognise: `Tasklets.WaitQueue`, `*Backend.*.poll`, `linux_poll_all`.
///
/// A name with dots is a Swift module and a declaration in it, and matches everything declared below, too; it may omit
/// a function's argument labels. A name without dots is a C function. A `*` at either end of a part matches any
/// characters.
///
/// Renaming code makes a name stale, so a test looks every name of ``Landmarks`` up in the symbols of the package.
struct CodeName: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    let description: String
    /// The Swift module; nil for a C function.
    let module: Substring?
    /// The names within the module, or the C function.
    let path: [Substring]

    init(stringLiteral text: String) {
        description = text
        let parts = text.split(separator: ".")
        module = parts.count > 1 ? parts[0] : nil
        path = parts.count > 1 ? Array(parts.dropFirst()) : parts
    }

    /// Whether a function has this name, or is declared below it.
    func matches(_ frame: Frame) -> Bool {
        guard let module, let framesModule = frame.module else {
            return module == nil && frame.module == nil && Self.matches(path[0], frame.function)
        }
        guard Self.matches(module, framesModule) else { return false }
        // Compiler-generated code has a module, but no path.
        if path == ["*"] { return true }
        return path.count <= frame.path.count && zip(path, frame.path).allSatisfy(Self.matches)
    }

    /// Whether a part of a name matches that of a module, type or function.
    static func matches(_ pattern: Substring, _ name: String) -> Bool {
        if pattern.hasPrefix("*") { return name.prefix { $0 != "(" }.hasSuffix(pattern.dropFirst()) }
        if pattern.hasSuffix("*") { return name.hasPrefix(pattern.dropLast()) }
        guard name.hasPrefix(pattern) else { return false }
        let next = name.utf8.dropFirst(pattern.utf8.count).first
        return next == nil || next == UInt8(ascii: "(")
    }
}

extension [CodeName] {
    /// Whether one of the names matches a function.
    func match(_ frame: Frame) -> Bool { contains { $0.matches(frame) } }
}
