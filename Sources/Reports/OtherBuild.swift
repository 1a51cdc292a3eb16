// SPDX-License-Identifier: Apache-2.0

/// Another build of `bench`, with which a run compares its own.
package struct OtherBuild: Sendable, Equatable, Codable {
    /// What it is called in the results: its path, or its revision.
    package var name: String
    /// The path of its executable.
    package var path: String
    /// The size of the executable and when it was written, by which it is told from a later one at the same path.
    package var identity: String

    /// Creates a build.
    package init(name: String, path: String, identity: String = "") {
        self.name = name
        self.path = path
        self.identity = identity
    }
}
