// SPDX-License-Identifier: Apache-2.0

package import Measurement
internal import Reports

/// The profiler's overhead: trials with it against trials without, in rounds of one each.
package struct SamplingCost: Sendable {
    /// A figure per operation, as means over the rounds.
    package struct Row: Sendable, Equatable {
        package var metric: Metric
        package var without: Double
        package var with: Double
        /// The 95 % confidence interval of the ratio; nil for too few rounds.
        package var interval: Interval?

        /// With the profiler divided by without; nil where the divisor is 0.
        package var ratio: Double? { without > 0 ? with / without : nil }
    }

    package let rows: [Row]
    private let rounds: Int

    /// - Parameter rounds: both trials of each round, which ran one after the other.
    package init(_ rounds: [(profiled: TrialRecord, plain: TrialRecord)]) {
        self.rounds = rounds.count
        let own = rounds.first?.plain.trial.cell.metric
        rows = [own, .cpuTime, .voluntarySwitches, .involuntarySwitches].compactMap(\.self)
            .compactMap { Self.row($0, rounds) }
    }

    /// The processor time per operation.
    package var cpuTime: Row? { rows.first { $0.metric == .cpuTime } }

    private static func row(_ metric: Metric, _ rounds: [(profiled: TrialRecord, plain: TrialRecord)]) -> Row? {
        let with = rounds.compactMap { $0.profiled.value(of: metric) }
        let without = rounds.compactMap { $0.plain.value(of: metric) }
        guard with.count == rounds.count, without.count == rounds.count, !rounds.isEmpty else { return nil }
        func mean(_ values: [Double], _ drawn: some Collection<Int>) -> Double {
            drawn.reduce(0) { $0 + values[$1] } / Double(drawn.count)
        }
        let hasRatio = without.allSatisfy { $0 > 0 }
        return Row(
            metric: metric,
            without: mean(without, without.indices),
            with: mean(with, with.indices),
            interval: hasRatio
                ? RoundSamples(rounds: rounds.count).expandedInterval { mean(with, $0) / mean(without, $0) } : nil
        )
    }

    /// The section of a report.
    var text: String {
        guard !rows.isEmpty else { return "## Cost\n\nThe profiler's cost was not measured.\n" }
        var table = MarkdownTable([
            ("per operation", .left), ("without the profiler", .right), ("with it", .right), ("ratio", .right),
            ("95 % interval", .right), ("", .left),
        ])
        for row in rows {
            table.add([
                row.metric.name, Figure.readable(row.without, unit: row.metric.unit),
                Figure.readable(row.with, unit: row.metric.unit), row.ratio.map(Figure.ratio) ?? "",
                row.interval.map(Figure.ratio) ?? "", row.interval?.contains(1) == false ? "" : "not certain",
            ])
        }
        return """
            ## Cost

            The profiler's signals interrupt the code that they sample. Means of \(rounds) rounds; in each, a process \
            with the profiler and one without run one after the other, in alternating order.

            \(table.text)
            """
    }
}

extension TrialRecord {
    /// A figure of the trial.
    func value(of metric: Metric) -> Double? { measures.first { $0.metric == metric }?.value }
}
