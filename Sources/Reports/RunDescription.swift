// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// `run.json`: what a run is to measure, and what happened to it.
///
/// All other files of the results can be written again from it, the trials and the environment.
package struct RunDescription: Sendable, Equatable, Codable {
    /// The version of the results' format; increases when the meaning of a field changes.
    package private(set) var version = Self.currentVersion
    /// The command line.
    package var arguments: [String]
    /// The plan, with its seed.
    package var plan: Plan
    /// The suite, where it has a report of its own: see ``QuestionsScreen``; nil for any other, and in the files of earlier
    /// builds.
    package var suite: String?
    /// What the cells are compared with.
    package var baseline: Baseline
    /// The other build that takes turns with this one; nil for none.
    package var otherBuild: OtherBuild?
    /// The peers that take turns with the schedulers; nil for none, and in the files of earlier builds.
    package var peers: [PeerDescription]?
    /// Whether the run had no network but a loopback of its own; nil without peers, and in the files of earlier builds.
    package var isIsolated: Bool?
    /// Seconds for which a cell is profiled after the measurements; nil without profiles.
    package var samplingDuration: Int?
    /// Whether the cells are traced after the measurements; nil for no, and in the files of earlier builds.
    package private(set) var isTraced: Bool?
    /// Whether the results have files of plots; nil for yes, as in the files of earlier builds.
    package private(set) var plots: Bool?
    /// The cost of the machine's primitives; nil until it is measured.
    package var calibration: Calibration?
    /// Why that could not be measured.
    package var calibrationFailure: String?
    /// Seconds that the run had taken when this was last written.
    package var spent = 0.0
    /// Whether the run came to its end.
    package var isComplete = false
    /// What disturbed the run, in sentences.
    package var disturbances: [String] = []
    /// The profiles taken after the measurements.
    package var profiles: [ProfileEntry] = []
    /// The traces made after the measurements; nil for none, and in the files of earlier builds.
    package var traces: [TraceEntry]?

    /// The version that this build writes and reads.
    package static let currentVersion = 2

    /// Whether the results have files of plots.
    package var hasPlots: Bool { plots ?? true }

    /// Whether something is to follow the measurements.
    package var hasFollowUps: Bool { samplingDuration != nil || isTraced == true }

    /// Describes a run that has not begun.
    package init(
        arguments: [String],
        plan: Plan,
        suite: String? = nil,
        baseline: Baseline,
        otherBuild: OtherBuild? = nil,
        peers: [PeerDescription] = [],
        isIsolated: Bool? = nil,
        samplingDuration: Int? = nil,
        isTraced: Bool = false,
        hasPlots: Bool = true
    ) {
        self.arguments = arguments
        self.plan = plan
        self.suite = suite
        self.baseline = baseline
        self.otherBuild = otherBuild
        self.peers = peers.isEmpty ? nil : peers
        self.isIsolated = peers.isEmpty ? nil : isIsolated
        self.samplingDuration = samplingDuration
        self.isTraced = isTraced ? true : nil
        plots = hasPlots ? nil : false
    }
}
