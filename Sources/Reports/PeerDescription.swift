// SPDX-License-Identifier: Apache-2.0

/// What a report says about a peer: which runtime it is, and how its work differs from that of the workloads.
package struct PeerDescription: Sendable, Equatable, Codable {
    /// Its name.
    package var name: String
    /// The version of its runtime.
    package var version: String
    /// How its work differs, in sentences with names in backticks.
    package var differences: [String]
    /// Whether it is a floor: no runtime, but the least that any could do; nil for no.
    package var floor: Bool?

    /// Describes a peer.
    package init(name: String, version: String, differences: [String], floor: Bool? = nil) {
        self.name = name
        self.version = version
        self.differences = differences
        self.floor = floor
    }

    /// The items of the list below the line `Not equal:` of a README; empty without such a list.
    package static func differences(inReadme text: String) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let heading = lines.firstIndex(of: "Not equal:") else { return [] }
        var items: [String] = []
        for line in lines[(heading + 1)...] where !line.isEmpty {
            if line.hasPrefix("- ") {
                items.append(String(line.dropFirst(2)))
            } else if line.hasPrefix("  "), let last = items.last {
                items[items.count - 1] = "\(last) \(line.drop { $0 == " " })"
            } else {
                break
            }
        }
        return items
    }
}
