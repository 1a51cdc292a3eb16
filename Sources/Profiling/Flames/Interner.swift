// SPDX-License-Identifier: Apache-2.0

/// Numbers names, and stores each name once.
struct Interner {
    /// The names, in the order of first use.
    private(set) var names: [String] = []
    private var indices: [String: Int] = [:]

    /// The number of a name.
    mutating func index(of name: String) -> Int {
        if let known = indices[name] { return known }
        indices[name] = names.count
        names.append(name)
        return names.count - 1
    }
}
