// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// A cell's profile, as the report shows it.
package struct ProfileEntry: Sendable, Equatable, Codable {
    /// An activity's share of the processor time.
    package struct Part: Sendable, Equatable, Codable {
        /// The activity.
        package var name: String
        /// Its share, from 0 to 1.
        package var fraction: Double
        /// The 95 % confidence interval of the share.
        package var interval: Interval

        /// Creates a part.
        package init(name: String, fraction: Double, interval: Interval) {
            self.name = name
            self.fraction = fraction
            self.interval = interval
        }
    }

    /// The profiler's overhead.
    package struct Cost: Sendable, Equatable, Codable {
        /// The processor time per operation with the profiler, divided by that without.
        package var ratio: Double
        /// The 95 % confidence interval; nil for too few rounds.
        package var interval: Interval?

        /// Creates a cost.
        package init(ratio: Double, interval: Interval?) {
            self.ratio = ratio
            self.interval = interval
        }
    }

    /// The profiled cell.
    package var cell: Cell
    /// The path of the flame graph, relative to the report; nil without one.
    package var page: String?
    /// The number of samples.
    package var samples: Int
    /// The activities and their shares.
    package var shares: [Part]
    /// The profiler's overhead; nil if unknown.
    package var cost: Cost?
    /// Why there is no profile, or why it cannot be trusted.
    package var failure: String?

    /// Creates an entry.
    package init(
        cell: Cell,
        page: String? = nil,
        samples: Int = 0,
        shares: [Part] = [],
        cost: Cost? = nil,
        failure: String? = nil
    ) {
        self.cell = cell
        self.page = page
        self.samples = samples
        self.shares = shares
        self.cost = cost
        self.failure = failure
    }
}
