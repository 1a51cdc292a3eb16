// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The metrics that are read from histograms of wait times.
enum WaitMetric {
    private static let percents = [50, 90, 99, 99.9]

    /// The metrics of histograms by series, sorted by series.
    static func metrics(of histograms: [String: LatencyHistogram]) -> [Metric] {
        histograms.keys.sorted().flatMap { series in
            percents.map { Metric.percentile($0, of: series) } + [.longest(of: series)]
        }
    }

    /// The values of those metrics, in nanoseconds; metrics with too few waits are missing.
    static func values(of histograms: [String: LatencyHistogram]) -> [Metric: Double] {
        histograms.reduce(into: [:]) { values, entry in
            let (series, histogram) = entry
            guard histogram.count > 0 else { return }
            values[.longest(of: series)] = Double(histogram.max)
            // With fewer than ten waits beyond a percentile there are too few to say.
            // In tenths: 100 - 99.9 is a little less than 0.1.
            let known = percents.filter { Double(histogram.count) * (1_000 - 10 * $0).rounded() >= 10_000 }
            for (percent, value) in zip(known, histogram.percentiles(known)) {
                values[.percentile(percent, of: series)] = Double(value)
            }
        }
    }
}

/// The values of a process's wait times, which most readers of its figures do not ask for, and which take a while.
final class WaitValues: Sendable {
    private let histograms: [String: LatencyHistogram]
    private let known = Mutex<[Metric: Double]?>(nil)

    /// Remembers where to read them.
    init(of histograms: [String: LatencyHistogram]) { self.histograms = histograms }

    /// The values, by ``WaitMetric``.
    var all: [Metric: Double] {
        known.withLock { known in
            if let known { return known }
            let values = WaitMetric.values(of: histograms)
            known = values
            return values
        }
    }
}
