// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// A checked `bench profile`.
package struct ProfileRequest: Sendable, Equatable {
    /// One cell to profile, or two to compare: the second with the first.
    package let cells: [Cell]
    /// How the cells are sampled.
    package let plan: SamplingPlan

    /// Creates a request.
    package init(cells: [Cell], plan: SamplingPlan) {
        self.cells = cells
        self.plan = plan
    }
}
