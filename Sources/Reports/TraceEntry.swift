// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// A cell's trace, as the report shows it.
package struct TraceEntry: Sendable, Equatable, Codable {
    /// A part of the tasklets' lives.
    package struct Part: Sendable, Equatable, Codable {
        /// What they did: `running`, or what they waited for.
        package var name: String
        /// The share, from 0 to 1.
        package var fraction: Double

        /// Creates a part.
        package init(name: String, fraction: Double) {
            self.name = name
            self.fraction = fraction
        }
    }

    /// The traced cell.
    package var cell: Cell
    /// The path of the trace, relative to the report; nil without one.
    package var file: String?
    /// The path of the flame graph of the waits.
    package var page: String?
    /// The number of events.
    package var events: Int
    /// Whether there was no room for the last events.
    package var isCut: Bool
    /// What the tasklets did, by kind.
    package var parts: [Part]
    /// Why there is no trace, or why it cannot be trusted.
    package var failure: String?

    /// Creates an entry.
    package init(
        cell: Cell,
        file: String? = nil,
        page: String? = nil,
        events: Int = 0,
        isCut: Bool = false,
        parts: [Part] = [],
        failure: String? = nil
    ) {
        self.cell = cell
        self.file = file
        self.page = page
        self.events = events
        self.isCut = isCut
        self.parts = parts
        self.failure = failure
    }
}
