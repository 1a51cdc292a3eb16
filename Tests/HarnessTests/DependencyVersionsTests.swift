// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Measurement
import Testing

@testable import Harness

@Suite("Dependency versions")
struct DependencyVersionsTests {
    private struct Resolved: Decodable {
        struct Pin: Decodable {
            struct State: Decodable { let version: String? }

            let identity: String
            let state: State
        }

        let pins: [Pin]
    }

    /// The package's directory, from this file's path.
    private var package: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    @Test("the versions compiled into the program are the ones that the package manager resolved")
    func resolved() throws {
        let data = try Data(contentsOf: package.appending(path: "Package.resolved"))
        let pins = try JSONDecoder().decode(Resolved.self, from: data).pins
        let resolved = Dictionary(uniqueKeysWithValues: pins.map { ($0.identity, $0.state.version) })
        for (name, version) in DependencyVersions.all { #expect(resolved[name] == version, "\(name)") }
    }

    @Test("what is measured has a version")
    func complete() {
        #expect(DependencyVersions.all["swift-nio"] != nil)
    }

    @Test("the environment record has the versions")
    func recorded() async {
        #expect(await Provenance.environment().dependencies == DependencyVersions.all)
    }
}
