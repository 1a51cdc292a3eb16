// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// A checked `bench run`.
package struct RunRequest: Sendable, Equatable {
    /// The trials.
    package let plan: Plan
    /// The scheduler that all others are compared with.
    package let baseline: Baseline
    /// The sampling that follows the measurements; nil without `--profile`.
    package let sampling: SamplingPlan?

    /// Creates a request.
    package init(plan: Plan, baseline: Baseline, sampling: SamplingPlan? = nil) {
        self.plan = plan
        self.baseline = baseline
        self.sampling = sampling
    }
}
