// SPDX-License-Identifier: Apache-2.0

/// A metric that is read from a histogram of wait times.
struct WaitMetric: Sendable {
    private let metric: Metric
    /// The percentile; nil for the longest wait.
    private let percent: Double?

    /// The metrics of histograms by series, sorted by series.
    static func metrics(of histograms: [String: LatencyHistogram]) -> [Metric] {
        histograms.keys.sorted().flatMap { all(of: $0) }.map(\.metric)
    }

    /// The value of a metric, in nanoseconds; nil where none of the histograms has it.
    static func value(of metric: Metric, in histograms: [String: LatencyHistogram]) -> Double? {
        for (series, histogram) in histograms {
            if let wait = all(of: series).first(where: { $0.metric == metric }) { return wait.value(histogram) }
        }
        return nil
    }

    private static func all(of series: String) -> [WaitMetric] {
        [50, 90, 99, 99.9].map { WaitMetric(metric: .percentile($0, of: series), percent: $0) }
            + [WaitMetric(metric: .longest(of: series), percent: nil)]
    }

    /// Nil where fewer than ten waits lie beyond the percentile: too few to say.
    private func value(_ histogram: LatencyHistogram) -> Double? {
        guard histogram.count > 0 else { return nil }
        guard let percent else { return Double(histogram.max) }
        guard Double(histogram.count) * (100 - percent) >= 1_000 else { return nil }
        return Double(histogram.percentile(percent))
    }
}
