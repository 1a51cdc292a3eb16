// SPDX-License-Identifier: Apache-2.0

/// Whether the processor runs at one speed, or now and then at a lower one.
struct SpeedModes: Sendable, Equatable {
    /// The 90th percentile of the yardstick's duration, as a multiple of the 5th.
    let ratio: Double
    /// The share of the repetitions that took over 10 % longer than the 5th percentile.
    ///
    /// The 5th percentile is in the fastest mode, unless that has less than one repetition in twenty. The minimum would
    /// do as well, but for an error of the clock.
    let slowShare: Double

    /// The modes of some durations; nil if there are too few for a 5th percentile.
    init?(_ samples: [Double]) {
        let sorted = samples.filter { $0.isFinite && $0 > 0 }.sorted()
        guard sorted.count >= 20 else { return nil }
        let fast = Statistics.percentile(5, ofSorted: sorted)
        ratio = Statistics.percentile(90, ofSorted: sorted) / fast
        slowShare = Double(sorted.count { $0 > fast * Self.limit }) / Double(sorted.count)
    }

    static func condition(_ modes: SpeedModes?) -> Condition {
        guard let modes else {
            return .unknown(name, "The yardstick ran too seldom: the CPU was busy with something else.")
        }
        let value = "p90/p5 \(Decimals.text(modes.ratio, places: 2)), \(Decimals.percent(modes.slowShare)) slow"
        guard modes.ratio > limit else { return .fine(name, value) }
        return .widens(
            name,
            value,
            "The CPU is not always as fast: fix its frequency, stop what shares its core, and take more rounds."
        )
    }

    /// A ratio above this, or a duration this many times that of the fastest mode, is another speed.
    private static let limit = 1.1
    private static let name = "two speeds"
}
