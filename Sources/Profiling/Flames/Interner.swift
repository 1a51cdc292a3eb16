// SPDX-License-Identifier: Apache-2.0

/// Numbers for names: each name is kept once.
struct Interner {
    /// The names, in the order in which they were first seen.
    private(set) var names: [String] = []
    private var indices: [String: Int] = [:]

    /// The name's number.
    mutating func index(of name: String) -> Int {
        if let known = indices[name] { return known }
        indices[name] = names.count
        names.append(name)
        return names.count - 1
    }
}
