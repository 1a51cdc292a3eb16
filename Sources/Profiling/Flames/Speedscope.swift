// SPDX-License-Identifier: Apache-2.0

internal import Reports

/// Stacks as a file for speedscope, a viewer that runs in a browser.
///
/// - SeeAlso: <https://www.speedscope.app/file-format-schema.json>
package enum Speedscope {
    /// The unit of the samples' weights.
    package enum Unit: String, Sendable, Encodable {
        /// Sample counts.
        case none
        /// Time.
        case nanoseconds
    }

    /// The file: one profile of type `sampled`, with sorted samples and equal stacks merged.
    ///
    /// Throws only if the sum of the counts is not finite.
    package static func text(_ stacks: [FoldedStack], name: String, unit: Unit) throws -> String {
        let merged = FoldedStacks.merged(stacks)
        var frames = Interner()
        let samples = merged.map { $0.frames.map { frames.index(of: $0) } }
        let weights = merged.map(\.count)
        let profile = Profile(
            name: name,
            unit: unit,
            endValue: weights.reduce(0, +),
            samples: samples,
            weights: weights
        )
        let file = File(name: name, shared: Shared(frames: frames.names.map(Frame.init)), profiles: [profile])
        return try JSONText.line(file) + "\n"
    }
}

extension Speedscope {
    private struct File: Encodable {
        let schema = "https://www.speedscope.app/file-format-schema.json"
        let exporter = "switchyard"
        let name: String
        let activeProfileIndex = 0
        let shared: Shared
        let profiles: [Profile]

        enum CodingKeys: String, CodingKey {
            case schema = "$schema"
            case exporter, name, activeProfileIndex, shared, profiles
        }
    }

    private struct Shared: Encodable {
        let frames: [Frame]
    }

    private struct Frame: Encodable {
        let name: String
    }

    private struct Profile: Encodable {
        let type = "sampled"
        let name: String
        let unit: Unit
        let startValue = 0.0
        let endValue: Double
        let samples: [[Int]]
        let weights: [Double]
    }
}
