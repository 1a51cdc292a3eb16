// SPDX-License-Identifier: Apache-2.0

/// Tells the turns at which the processor ran at full speed from the others, by their yardsticks.
package struct FullSpeed: Sendable, Equatable {
    /// The longest that a yardstick takes at full speed, in nanoseconds.
    package let limit: Double

    /// Full speed is what the fastest twentieth of all yardsticks of a run show, give or take a tenth; nil for no turns.
    ///
    /// The two speeds of a shared core are further apart than that, and what a yardstick varies at one speed is less.
    package init?(of turns: some Sequence<Turn>) {
        let yardsticks = turns.flatMap { [Double($0.before), Double($0.after)] }
        guard let fast = Statistics.percentile(5, of: yardsticks) else { return nil }
        limit = fast * 1.1
    }

    /// The full speed of the turns in records; nil for none.
    package init?(of records: [TrialRecord]) {
        self.init(of: records.measured.lazy.filter(\.status.hasFigures).flatMap(\.turns))
    }

    /// Whether a turn ran at full speed, as far as its two yardsticks tell, and had the processor for itself.
    package func contains(_ turn: Turn) -> Bool {
        Double(max(turn.before, turn.after)) <= limit && !turn.wasKeptWaiting
    }
}
