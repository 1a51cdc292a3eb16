// SPDX-License-Identifier: Apache-2.0

import Glibc

extension LatencyHistogram {
    /// The percentile distribution in the text format of HdrHistogram's tools (`.hgrm`), in microseconds.
    ///
    /// Its percentiles come closer to 100 % by halves, each half in five steps, until all waits are taken in.
    package var percentileDistribution: String {
        PercentileDistribution.heading + percentileLines.joined() + summary
    }

    private var percentileLines: [String] {
        let total = Double(count)
        var level = 0.0
        var seen: UInt64 = 0
        var lines: [String] = []
        for step in steps {
            seen += step.count
            while level < 100, 100 * Double(seen) / total >= level {
                lines.append(PercentileDistribution.line(step.value, level, seen))
                // The last step has one more line, for 100 %.
                level = seen == count ? 100 : PercentileDistribution.level(after: level)
            }
            if seen == count { lines.append(PercentileDistribution.lastLine(step.value, seen)) }
        }
        return lines
    }

    private var summary: String {
        let total = Double(Swift.max(count, 1))
        let middles = steps.map { (value: Self.middle($0), count: Double($0.count)) }
        let mean = middles.map { $0.value * $0.count }.reduce(0, +) / total
        let squares = middles.map { ($0.value - mean) * ($0.value - mean) * $0.count }.reduce(0, +)
        return PercentileDistribution.summary(mean, (squares / total).squareRoot(), longest: max, count: count)
    }
}

extension LatencyHistogram {
    /// What stands for the waits of a step in a mean, in nanoseconds.
    fileprivate static func middle(_ step: Step) -> Double {
        let waits = Self.step(of: step.value)
        return Double(waits.lowerBound + (waits.upperBound - waits.lowerBound + 1) / 2)
    }
}

/// The lines of the format.
private enum PercentileDistribution {
    static let heading = "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"
    private static let scale = 1_000.0
    private static let stepsPerHalf = 5.0

    /// The percentile that follows: a fifth of the way to the middle between the last power of a half and 100 %.
    static func level(after level: Double) -> Double {
        let halves = log2(100 / (100 - level)).rounded(.down) + 1
        return level + 100 / (stepsPerHalf * pow(2, halves))
    }

    static func line(_ value: UInt64, _ level: Double, _ count: UInt64) -> String {
        let inverse = 1 / (1 - level / 100)
        return format("%12.3f %2.12f %10llu %14.2f\n", Double(value) / scale, level / 100, count, inverse)
    }

    static func lastLine(_ value: UInt64, _ count: UInt64) -> String {
        format("%12.3f %2.12f %10llu\n", Double(value) / scale, 1.0, count)
    }

    static func summary(_ mean: Double, _ deviation: Double, longest: UInt64, count: UInt64) -> String {
        format("#[Mean    = %12.3f, StdDeviation   = %12.3f]\n", mean / scale, deviation / scale)
            + format("#[Max     = %12.3f, Total count    = %12llu]\n", Double(longest) / scale, count)
            + format("#[Buckets = %12lld, SubBuckets     = %12lld]\n", Int64(buckets(longest)), Int64(subBuckets))
    }

    /// The powers of two, from the number of sub-buckets on, that the layout has for waits of up to `longest`.
    private static func buckets(_ longest: UInt64) -> Int {
        max(0, 64 - longest.leadingZeroBitCount - subBuckets.trailingZeroBitCount) + 1
    }

    private static let subBuckets = LatencyHistogram.finestSteps

    private static func format(_ format: String, _ values: any CVarArg...) -> String {
        withVaList(values) { arguments in
            var buffer = [CChar](repeating: 0, count: 128)
            let length = vsnprintf(&buffer, buffer.count, format, arguments)
            return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}
