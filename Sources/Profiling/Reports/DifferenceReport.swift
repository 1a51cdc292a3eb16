// SPDX-License-Identifier: Apache-2.0

internal import Measurement
internal import Reports

/// Two profiles of one workload in Markdown: which scheduler is slower, by how much, and what makes it so.
package struct DifferenceReport: Sendable {
    private let difference: AttributionDifference
    private let workload: String
    private let setting: String

    /// - Parameter setting: with which parameters, and where; a sentence without its stop.
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

        ## What threads were at

        \(table(difference.activities, and: [
            difference.sampled, difference.unprofiled, difference.unexplained, difference.elapsed,
        ]))
        ## Tasklets

        \(certain(difference.roles, "tasklet: what it was at"))
        ## Functions by themselves

        \(certain(difference.functions, "function"))
        All figures are of processor time for each operation, but for what passed by the clock. \(reading)

        """
    }

    private var reading: String {
        guard difference.areRoundsEnough else {
            return "There are no intervals, and nothing is certain: that takes six rounds."
        }
        return """
            Intervals are of 95 %: the \(difference.roundCount) rounds are resampled, in each of which one process of \
            each ran with the profiler, and one without.
            """
    }

    // MARK: In a sentence

    /// "B is 12.3 ns slower than A: +8.1 poll, ...".
    private var headline: String {
        let all = difference.unprofiled
        let names = (before: difference.before.name, after: difference.after.name)
        let change = "\(time(all.before)) → \(time(all.after))\(interval(all))"
        guard difference.areRoundsEnough else {
            return
                "**\(difference.roundCount) of the rounds cannot tell what is chance.** \(change). Its parts: \(parts)."
        }
        guard all.isCertain else {
            return """
                **No difference is certain between \(names.before) and \(names.after)** in processor time: \(change) for \
                each operation. Its parts: \(parts).
                """
        }
        let word = all.difference > 0 ? "slower" : "faster"
        return """
            **\(names.after) is \(time(abs(all.difference))) an operation \(word) than \(names.before)** in processor \
            time: \(change). Of that: \(parts).
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
            "\(side.profile.sampleCount) samples of \(side.name) resolve shares of "
                + "\(Text.number(side.profile.resolution * 100)) points"
        }
        guard !sides.contains(where: \.profile.isTooShort) else {
            return "**\(counts.joined(separator: ", ")): too short a run to tell anything by. Make it longer with "
                + "`--duration`.**"
        }
        return "\(counts.joined(separator: ", "))."
    }

    // MARK: In tables

    private func table(_ parts: [AttributionDifference.Row], and sums: [AttributionDifference.Row]) -> String {
        var table = emptyTable("part")
        for row in parts { table.add([row.name] + cells(row)) }
        for row in sums { table.add(["**\(row.name)**"] + cells(row)) }
        return table.text
    }

    /// Those differences that are certain, and of how many they are.
    private func certain(_ rows: [AttributionDifference.Row], _ first: String) -> String {
        let certain = rows.filter(\.isCertain)
        let chance = Int((Double(rows.count) * 0.05).rounded())
        let count =
            "\(certain.count) of \(rows.count) differences are certain; chance alone would make about \(chance) so."
        guard !certain.isEmpty else { return count + "\n" }
        var table = emptyTable(first)
        for row in certain.prefix(Self.most) { table.add(["`\(row.name)`"] + cells(row)) }
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

    /// To a tenth of a nanosecond: finer digits would be noise.
    private func time(_ nanoseconds: Double) -> String {
        abs(nanoseconds) < 999.5 ? "\(Text.number(nanoseconds)) ns" : Figure.readable(nanoseconds, unit: "ns")
    }

    private func signed(_ nanoseconds: Double) -> String { (nanoseconds < 0 ? "" : "+") + time(nanoseconds) }

    /// Rows of a table at most.
    private static let most = 15
}
