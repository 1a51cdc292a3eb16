// SPDX-License-Identifier: Apache-2.0

internal import Measurement
internal import Reports

/// A comparison of two profiles of one workload in Markdown: which scheduler is slower, by how much, and why.
package struct DifferenceReport: Sendable {
    private let difference: AttributionDifference
    private let workload: String
    private let setting: String

    /// - Parameter setting: the parameters and the CPUs, as a sentence without its full stop.
    package init(_ difference: AttributionDifference, workload: String, setting: String) {
        self.difference = difference
        self.workload = workload
        self.setting = setting
    }

    /// The whole page.
    package var text: String {
        """
        # \(workload): \(difference.after.name) against \(difference.before.name)

        \(setting). A is \(difference.before.name), B is \(difference.after.name).

        \(headline)

        \(resolution)

        ## Activities

        \(table(difference.activities, and: [
            difference.sampled, difference.unprofiled, difference.unexplained, difference.elapsed,
        ]))
        ## Tasklets

        \(certain(difference.roles, "tasklet: activity"))
        ## Functions by themselves

        \(certain(difference.functions, "function"))
        All figures are processor time per operation, except for the row by the clock. \(reading)

        """
    }

    private var reading: String {
        guard difference.areRoundsEnough else {
            return "Intervals need six rounds; without them nothing is certain."
        }
        return """
            Intervals have 95 % confidence: the \(difference.roundCount) rounds are resampled. In each round, every \
            scheduler ran one process with the profiler and one without.
            """
    }

    // MARK: Sentences

    /// "B is 12.3 ns slower than A: +8.1 poll, ...".
    private var headline: String {
        let all = difference.unprofiled
        let names = (before: difference.before.name, after: difference.after.name)
        let change = "\(time(all.before)) → \(time(all.after))\(interval(all))"
        guard difference.areRoundsEnough else {
            return
                "**\(difference.roundCount) rounds cannot tell a difference from chance.** \(change). Parts: \(parts)."
        }
        guard all.isCertain else {
            return """
                **No difference is certain between \(names.before) and \(names.after)** in processor time: \(change) per \
                operation. Parts: \(parts).
                """
        }
        let word = all.difference > 0 ? "slower" : "faster"
        return """
            **\(names.after) is \(time(abs(all.difference))) \(word) per operation than \(names.before)** in processor \
            time: \(change). Parts: \(parts).
            """
    }

    private var parts: String {
        let certain = difference.activities.filter(\.isCertain)
            .sorted { abs($0.difference) > abs($1.difference) }
            .map { "\(signed($0.difference)) \($0.name)" }
        let others = difference.activities.filter { !$0.isCertain }
        let rest = others.reduce(0) { $0 + $1.difference }
        return
            (certain + (others.isEmpty ? [] : ["\(signed(rest)) in parts that are not certain"])
            + ["\(signed(difference.unexplained.difference)) unexplained"]).joined(separator: ", ")
    }

    private var resolution: String {
        let sides = [difference.before, difference.after]
        let counts = sides.map { side in
            "\(side.profile.sampleCount) samples of \(side.name) resolve shares to "
                + "\(Figure.points(side.profile.resolution)) points"
        }
        guard !sides.contains(where: \.profile.isTooShort) else {
            return "**\(counts.joined(separator: ", ")): the run is too short for any conclusion. Make it longer with "
                + "`--duration`.**"
        }
        return "\(counts.joined(separator: ", "))."
    }

    // MARK: Tables

    private func table(_ parts: [AttributionDifference.Row], and sums: [AttributionDifference.Row]) -> String {
        var table = emptyTable("part")
        for row in parts { table.add([row.name] + cells(row)) }
        for row in sums { table.add(["**\(row.name)**"] + cells(row)) }
        return table.text
    }

    /// The certain differences, and how many chance alone would make so.
    private func certain(_ rows: [AttributionDifference.Row], _ first: String) -> String {
        let certain = rows.filter(\.isCertain)
        let chance = Int((Double(rows.count) * 0.05).rounded())
        let count =
            "\(certain.count) of \(rows.count) differences are certain; by chance alone about \(chance) would be."
        guard !certain.isEmpty else { return count + "\n" }
        var table = emptyTable(first)
        for row in certain.prefix(Self.maximumRows) { table.add(["`\(row.name)`"] + cells(row)) }
        return "\(count)\n\n\(table.text)"
    }

    private func emptyTable(_ first: String) -> MarkdownTable {
        MarkdownTable([
            (first, .left), ("A: \(difference.before.name)", .right), ("B: \(difference.after.name)", .right),
            ("B − A", .right), ("95 % interval", .right), ("", .left),
        ])
    }

    private func cells(_ row: AttributionDifference.Row) -> [String] {
        [
            time(row.before), time(row.after), signed(row.difference),
            row.interval.map { "\(signed($0.low)) to \(signed($0.high))" } ?? "",
            row.isCertain ? "" : "not certain",
        ]
    }

    private func interval(_ row: AttributionDifference.Row) -> String {
        row.interval.map { " (the difference is \(signed($0.low)) to \(signed($0.high)))" } ?? ""
    }

    /// To a tenth of a nanosecond: finer digits are noise.
    private func time(_ nanoseconds: Double) -> String {
        abs(nanoseconds) < 999.5
            ? "\(Figure.fixed(nanoseconds, decimals: 1)) ns" : Figure.readable(nanoseconds, unit: "ns")
    }

    private func signed(_ nanoseconds: Double) -> String { (nanoseconds < 0 ? "" : "+") + time(nanoseconds) }

    private static let maximumRows = 15
}
