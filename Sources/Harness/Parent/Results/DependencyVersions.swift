// SPDX-License-Identifier: Apache-2.0

import CDependencies

/// The exact versions of the package's dependencies, compiled in from the table in `Package.swift`.
enum DependencyVersions {
    /// The versions by name, such as `swift-nio`.
    static let all: [String: String] = parse(String(cString: dependency_versions()))

    /// Parses `name=version` pairs, separated by spaces.
    private static func parse(_ text: String) -> [String: String] {
        let pairs = text.split(separator: " ").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        return Dictionary(uniqueKeysWithValues: pairs.compactMap { $0.count == 2 ? ($0[0], $0[1]) : nil })
    }
}
