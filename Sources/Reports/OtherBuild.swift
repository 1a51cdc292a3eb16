// SPDX-License-Identifier: Apache-2.0

/// Another build of `bench`, with which a run compares its own.
package struct OtherBuild: Sendable, Equatable, Codable {
    /// What it is called in the results: its path, or its revision.
    package var name: String
    /// The path of its executable.
    package var path: String

    /// Creates a build.
    package init(name: String, path: String) {
        self.name = name
        self.path = path
    }
}
