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

        package init(name: String, fraction: Double) {
            self.name = name
            self.fraction = fraction
        }
    }

    package var cell: Cell
    /// The flame graph, from the report; nil where there is none.
    package var page: String?
    /// How many samples it is from.
    package var samples: Int
    /// What threads were at.
    package var shares: [Part]
    /// The processor time of an operation with the profiler, as times that without.
    package var cost: Double?
    /// Why there is no profile, or why it is not to be trusted.
    package var failure: String?

    package init(
        cell: Cell,
        page: String? = nil,
        samples: Int = 0,
        shares: [Part] = [],
        cost: Double? = nil,
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
