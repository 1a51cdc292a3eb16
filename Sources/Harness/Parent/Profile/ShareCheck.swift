// SPDX-License-Identifier: Apache-2.0

import Measurement
import Profiling
import Reports
import Workloads

/// The shares that a profile finds for tasklets with known shares, and their error.
struct ShareCheck: Sendable, Equatable {
    let scheduler: String
    /// Microseconds between two switches.
    let slice: Int
    /// The shares found, in the order of ``KnownShare``.
    let found: [Double]
    /// The number of samples.
    let samples: Int

    init(scheduler: String, slice: Int, _ profile: Attribution) {
        self.scheduler = scheduler
        self.slice = slice
        let times = KnownShare.allCases.map { profile.userTime(of: $0.taskletName) }
        let all = times.reduce(0, +)
        found = times.map { all == 0 ? 0 : Double($0) / Double(all) }
        samples = profile.sampleCount
    }

    /// The largest error, in percentage points.
    var error: Double {
        zip(found, KnownShare.allCases).map { abs($0 - $1.fraction) * 100 }.max() ?? 0
    }

    /// The allowed error: ``tolerance``, or three standard deviations of a share of one half, if there are so few
    /// samples that chance alone exceeds the tolerance.
    var allowance: Double { max(Self.tolerance, 300 * (0.25 / Double(max(samples, 1))).squareRoot()) }

    /// Whether the error is below the allowance.
    var isWithinTolerance: Bool { error < allowance }

    /// The allowed error with enough samples, in percentage points.
    private static let tolerance = 3.0

    /// One row per check.
    static func table(_ checks: [ShareCheck]) -> String {
        var table = MarkdownTable(
            [("scheduler", .left), ("µs", .right)]
                + KnownShare.allCases.map { (percent($0.fraction), .right) }
                + [("error", .right), ("allowed", .right), ("samples", .right)]
        )
        for check in checks {
            let figures = [points(check.error), points(check.allowance), "\(check.samples)"]
            table.add([check.scheduler, "\(check.slice)"] + check.found.map(percent) + figures)
        }
        return table.text
    }

    /// A sentence with the largest error.
    static func verdict(_ checks: [ShareCheck]) -> String {
        let largest = checks.map(\.error).max() ?? 0
        let exception = checks.contains { $0.allowance > tolerance } ? ", more with few samples" : ""
        return "The largest error is \(points(largest)) points; \(points(tolerance)) are allowed\(exception)."
    }

    private static func points(_ points: Double) -> String { Figure.plain((points * 10).rounded() / 10) }

    private static func percent(_ fraction: Double) -> String {
        "\(Figure.plain((fraction * 1_000).rounded() / 10)) %"
    }
}
