// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// What a report says of a cell's profile.
package struct ProfileEntry: Sendable, Equatable {
    /// A part of the time.
    package struct Part: Sendable, Equatable {
        /// What a thread was at.
        package var name: String
        /// From 0 to 1.
        package var fraction: Double
        /// 95 %.
        package var interval: Interval

        package init(name: String, fraction: Double, interval: Interval) {
            self.name = name
            self.fraction = fraction
            self.interval = interval
        }
    }

    /// What taking it costs.
    package struct Cost: Sendable, Equatable {
        /// The processor time of an operation with the profiler, as times that without.
        package var ratio: Double
        /// 95 %; nil of too few rounds.
        package var interval: Interval?

        package init(ratio: Double, interval: Interval?) {
            self.ratio = ratio
            self.interval = interval
        }
    }

    package var cell: Cell
    /// The flame graph, from the report; nil where there is none.
    package var page: String?
    /// How many samples it is from.
    package var samples: Int
    /// What threads were at.
    package var shares: [Part]
    package var cost: Cost?
    /// Why there is no profile, or why it is not to be trusted.
    package var failure: String?

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
