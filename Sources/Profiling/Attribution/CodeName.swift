// SPDX-License-Identifier: Apache-2.0

/// Names code for the profiler to recognise: `Tasklets.WaitQueue`, `*Backend.*.poll`, `linux_poll_all`.
///
/// With dots it names a Swift module and a declaration in it, with everything below; a function may come without its
/// argument labels. Without dots it names a C function. A `*` at either end of a part stands for any characters.
///
/// A name becomes stale when the code is renamed, which is why a test looks every name of ``Landmarks`` up in the
/// symbols of the package.
struct CodeName: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    let description: String
    /// What a Swift module is called; nil for a C function.
    let module: Substring?
    /// The names within the module, or the C function's.
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
        // Code that the compiler adds has a module, but no path.
        if path == ["*"] { return true }
        return path.count <= frame.path.count && zip(path, frame.path).allSatisfy(Self.matches)
    }

    /// Whether a part of a name stands for a module, type or function.
    static func matches(_ pattern: Substring, _ name: String) -> Bool {
        let name = pattern.contains("(") ? name[...] : name.prefix { $0 != "(" }
        if pattern.hasPrefix("*") { return name.hasSuffix(pattern.dropFirst()) }
        if pattern.hasSuffix("*") { return name.hasPrefix(pattern.dropLast()) }
        return name == pattern
    }
}

extension [CodeName] {
    /// Whether one of the names is this function's.
    func match(_ frame: Frame) -> Bool { contains { $0.matches(frame) } }
}
