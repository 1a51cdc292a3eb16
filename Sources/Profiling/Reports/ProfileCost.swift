// SPDX-License-Identifier: Apache-2.0

package import Measurement
internal import Reports

/// What profiling costs: trials with the profiler against trials without, in rounds of one each.
package struct ProfileCost: Sendable {
    /// One figure of an operation, medians over the rounds.
    package struct Row: Sendable, Equatable {
        package var metric: Metric
        package var without: Double
        package var with: Double
        /// With the profiler over without; nil where that is without meaning.
        package var ratio: Double?
        /// 95 %; nil of fewer than three rounds.
        package var interval: Interval?
    }

    package let rows: [Row]
    private let rounds: Int

    /// - Parameter rounds: both trials of each; those of a round ran one after the other.
    package init(_ rounds: [(profiled: TrialRecord, plain: TrialRecord)]) {
        self.rounds = rounds.count
        let own = rounds.first?.plain.trial.cell.metric
        rows = [own, .cpuTime, .voluntarySwitches, .involuntarySwitches].compactMap(\.self)
            .compactMap { Self.row($0, rounds) }
    }

    /// How many times the processor time of an operation is that without.
    package var cpuTime: Row? { rows.first { $0.metric == .cpuTime } }

    private static func row(_ metric: Metric, _ rounds: [(profiled: TrialRecord, plain: TrialRecord)]) -> Row? {
        let pairs = rounds.compactMap { round -> (with: Double, without: Double)? in
            guard let with = round.profiled.value(of: metric), let without = round.plain.value(of: metric) else {
                return nil
            }
            return (with, without)
        }
        guard let with = Statistics.median(pairs.map(\.with)), let without = Statistics.median(pairs.map(\.without))
        else { return nil }
        let ratios = pairs.map { $0.with / $0.without }
        let areNumbers = ratios.allSatisfy(\.isFinite)
        return Row(
            metric: metric,
            without: without,
            with: with,
            ratio: areNumbers ? Statistics.median(ratios) : nil,
            interval: areNumbers ? Bootstrap.medianInterval(of: ratios) : nil
        )
    }

    /// The section of a report.
    var text: String {
        guard !rows.isEmpty else { return "## Cost\n\nWhat profiling costs was not measured.\n" }
        var table = MarkdownTable([
            ("per operation", .left), ("without the profiler", .right), ("with it", .right), ("ratio", .right),
            ("95 % interval", .right),
        ])
        for row in rows {
            table.add([
                row.metric.name, Figure.readable(row.without, unit: row.metric.unit),
                Figure.readable(row.with, unit: row.metric.unit), row.ratio.map(Text.ratio) ?? "",
                row.interval.map(Text.ratios) ?? "",
            ])
        }
        return """
            ## Cost

            The profiler's ticks interrupt what they find. Medians of \(rounds) rounds, in each of which a process with \
            the profiler and one without ran one after the other.

            \(table.text)
            """
    }
}

extension TrialRecord {
    /// A figure of the trial.
    func value(of metric: Metric) -> Double? { measures.first { $0.metric == metric }?.value }
}
