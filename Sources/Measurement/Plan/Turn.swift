// SPDX-License-Identifier: Apache-2.0

/// A few milliseconds in which a process measures, between two yardsticks, while all others wait.
package struct Turn: Sendable, Equatable {
    /// When it started, in nanoseconds of the monotonic clock.
    package var start: UInt64
    /// How often it ran the workload.
    package var runs: Int
    /// The time of these runs together, in nanoseconds.
    package var elapsed: UInt64
    /// The yardstick just before, in nanoseconds.
    package var before: UInt64
    /// The yardstick just after, in nanoseconds.
    package var after: UInt64
    /// How long the thread that began it was ready to run, but did not, in nanoseconds.
    package var waited: UInt64

    /// Creates a turn.
    package init(start: UInt64, runs: Int, elapsed: UInt64, before: UInt64, after: UInt64, waited: UInt64 = 0) {
        self.start = start
        self.runs = runs
        self.elapsed = elapsed
        self.before = before
        self.after = after
        self.waited = waited
    }
}

extension Turn {
    /// Whether something else ran on its processor for more than a hundredth of the time.
    package var wasKeptWaiting: Bool { waited > elapsed / 100 }
}

extension Sequence<Turn> {
    /// How long the yardstick took on average, in nanoseconds, each turn by its time; nil for no time at all.
    var meanYardstick: Double? {
        var (sum, time) = (0.0, 0.0)
        for turn in self {
            sum += (Double(turn.before) + Double(turn.after)) / 2 * Double(turn.elapsed)
            time += Double(turn.elapsed)
        }
        return time > 0 ? sum / time : nil
    }
}

// Encoded as an array, in the order of the properties: there are tens of thousands in a run.
extension Turn: Codable {
    package init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        start = try values.decode(UInt64.self)
        runs = try values.decode(Int.self)
        elapsed = try values.decode(UInt64.self)
        before = try values.decode(UInt64.self)
        after = try values.decode(UInt64.self)
        waited = try values.decode(UInt64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.unkeyedContainer()
        try values.encode(start)
        try values.encode(runs)
        try values.encode(elapsed)
        try values.encode(before)
        try values.encode(after)
        try values.encode(waited)
    }
}
