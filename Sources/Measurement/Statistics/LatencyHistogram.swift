// SPDX-License-Identifier: Apache-2.0

/// A histogram of wait times with three significant digits over its whole range: the layout of HdrHistogram.
///
/// Merges without loss: percentiles are read from merged histograms, never averaged. A histogram keeps only the steps
/// of the layout that have waits, some hundreds out of tens of thousands: a report merges and reads thousands of them.
package struct LatencyHistogram: Sendable, Equatable {
    /// Waits that are not told apart.
    struct Step: Sendable, Equatable {
        /// The longest of them, in nanoseconds.
        var value: UInt64
        /// How many there are.
        var count: UInt64
    }

    /// The shortest first.
    private(set) var steps: [Step] = []
    /// The number of recorded waits.
    package private(set) var count: UInt64 = 0
    /// The longest wait as it was recorded, not the longest that is not told apart from it.
    private var longest: UInt64 = 0

    /// Creates an empty histogram.
    package init() {}

    /// The longest wait, in nanoseconds, as far as waits are told apart.
    package var max: UInt64 { steps.last?.value ?? 0 }

    /// Records a wait time in nanoseconds.
    package mutating func record(_ nanoseconds: UInt64) { record(nanoseconds, count: 1) }

    private mutating func record(_ nanoseconds: UInt64, count: UInt64) {
        let wait = min(nanoseconds, Self.longestTold)
        let value = Self.step(of: wait).upperBound
        let index = firstIndex(from: value)
        if index < steps.count, steps[index].value == value {
            steps[index].count += count
        } else {
            steps.insert(Step(value: value, count: count), at: index)
        }
        self.count += count
        longest = Swift.max(longest, wait)
    }

    /// No trial lasts an hour: a longer wait is a bad value.
    private static let longestTold: UInt64 = 3_600_000_000_000

    /// The first step that is not shorter, or the end, by bisection.
    private func firstIndex(from value: UInt64) -> Int {
        var (low, high) = (0, steps.count)
        while low < high {
            let middle = (low + high) / 2
            if steps[middle].value < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Adds all waits of another histogram.
    package mutating func merge(_ other: LatencyHistogram) {
        var merged: [Step] = []
        merged.reserveCapacity(steps.count + other.steps.count)
        var rest = other.steps[...]
        for step in steps {
            while let next = rest.first, next.value < step.value { merged.append(rest.removeFirst()) }
            let isShared = rest.first?.value == step.value
            merged.append(Step(value: step.value, count: step.count + (isShared ? rest.removeFirst().count : 0)))
        }
        steps = merged + rest
        count += other.count
        longest = Swift.max(longest, other.longest)
    }

    /// The wait time that `percent` per cent of all waits do not exceed, in nanoseconds.
    package func percentile(_ percent: Double) -> UInt64 { percentiles([percent])[0] }

    /// Several of them, in one pass; their percentages ascend.
    package func percentiles(_ percents: [Double]) -> [UInt64] {
        var values: [UInt64] = []
        var seen: UInt64 = 0
        for step in steps {
            seen += step.count
            while values.count < percents.count, seen >= rank(percents[values.count]) {
                values.append(Swift.min(step.value, longest))
            }
        }
        return values + repeatElement(longest, count: percents.count - values.count)
    }

    /// How many waits a percentile takes in, at least one.
    private func rank(_ percent: Double) -> UInt64 {
        // A step down: what rounding adds must not take in another wait.
        Swift.max(1, UInt64((percent.nextDown * Double(count) / 100).rounded(.up)))
    }
}

// The layout: 2,048 steps of one nanosecond, then 1,024 of two, 1,024 of four, and so on.
extension LatencyHistogram {
    /// The number of steps of one nanosecond, which three significant digits take.
    static let finestSteps = 2_048

    /// The waits that are not told apart from one.
    static func step(of wait: UInt64) -> ClosedRange<UInt64> {
        let bits = UInt64.bitWidth - wait.leadingZeroBitCount
        let rest = (1 << UInt64(Swift.max(0, bits - finestSteps.trailingZeroBitCount))) - 1 as UInt64
        return wait & ~rest...wait | rest
    }
}

// Encoded as alternating values and counts.
extension LatencyHistogram: Codable {
    package init(from decoder: any Decoder) throws {
        var numbers = try decoder.unkeyedContainer()
        while !numbers.isAtEnd { record(try numbers.decode(UInt64.self), count: try numbers.decode(UInt64.self)) }
    }

    package func encode(to encoder: any Encoder) throws {
        var numbers = encoder.unkeyedContainer()
        for step in steps {
            try numbers.encode(step.value)
            try numbers.encode(step.count)
        }
    }
}
