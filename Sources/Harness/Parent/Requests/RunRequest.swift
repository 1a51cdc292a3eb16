// SPDX-License-Identifier: Apache-2.0

package import Measurement
package import Reports

/// A checked `bench run`.
package struct RunRequest: Sendable, Equatable {
    /// The trials.
    package let plan: Plan
    /// See ``RunDescription/suite``.
    package let suite: String?
    /// What the cells are compared with.
    package let baseline: Baseline
    /// The build that takes turns with this one; nil for none.
    package let otherBuild: OtherBuild?
    /// The peers that take turns with the schedulers.
    package let peers: [PeerDescription]
    /// See ``RunDescription/isIsolated``.
    package let isIsolated: Bool?
    /// The sampling that follows the measurements; nil without `--profile`.
    package let sampling: SamplingPlan?
    /// Whether traces follow the measurements.
    package let isTraced: Bool
    /// Whether the run's directory has files of plots.
    package let hasPlots: Bool

    /// Creates a request.
    package init(
        plan: Plan,
        suite: String? = nil,
        baseline: Baseline,
        otherBuild: OtherBuild? = nil,
        peers: [PeerDescription] = [],
        isIsolated: Bool? = nil,
        sampling: SamplingPlan? = nil,
        isTraced: Bool = false,
        hasPlots: Bool = true
    ) {
        self.plan = plan
        self.suite = suite
        self.baseline = baseline
        self.otherBuild = otherBuild
        self.peers = peers
        self.isIsolated = isIsolated
        self.sampling = sampling
        self.isTraced = isTraced
        self.hasPlots = hasPlots
    }
}
