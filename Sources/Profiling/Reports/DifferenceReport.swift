// SPDX-License-Identifier: Apache-2.0

internal import Measurement
internal import Reports

/// Two profiles of one workload in Markdown: which scheduler is slower, by how much, and what makes it so.
package struct DifferenceReport: Sendable {
    private let difference: ProfileDifference
    private let workload: String

    package init(_ difference: ProfileDifference, workload: String) {
        self.difference = difference
        self.workload = workload
    }

    /// The whole page.
    package var text: String {
        let names = (before: difference.before.name, after: difference.after.name)
        return """
            # \(workload): \(names.after) against \(names.before)

            \(headline)

            \(resolution)

            ## What threads were at

            \(table(difference.activities, and: [
                difference.sampled, difference.unprofiled, difference.unexplained, difference.elapsed,
            ]))
            ## Tasklets

            \(certain(difference.roles))
            ## Functions by themselves

            \(certain(difference.functions))
            All figures are of processor time for each operation, but for what passed by the clock. Intervals are of 95 %: \
            the \(difference.roundCount) rounds are resampled, in each of which one process of each ran with the \
            profiler, and one without. Of a hundred differences that are none, about five are taken for certain.

            """
    }

    // MARK: In a sentence

    /// "B is 12.3 ns slower than A: +8.1 poll, ...".
    private var headline: String {
        let all = difference.unprofiled
        let names = (before: difference.before.name, after: difference.after.name)
        guard all.isCertain else {
            return """
                **No difference is certain between \(names.after) and \(names.before)**: \(time(all.after)) and \
                \(time(all.before)) of processor time for each operation\(interval(all)). Of its parts: \(parts).
                """
        }
        let word = all.difference > 0 ? "slower" : "faster"
        return """
            **\(names.after) is \(time(abs(all.difference))) an operation \(word) than \(names.before)** in processor \
            time: \(time(all.before)) → \(time(all.after))\(interval(all)). Of that: \(parts).
            """
    }

    private var parts: String {
        let certain = difference.activities.filter(\.isCertain)
            .sorted { abs($0.difference) > abs($1.difference) }
            .map { "\(signed($0.difference)) \($0.name)" }
        let rest = difference.activities.filter { !$0.isCertain }.reduce(0) { $0 + $1.difference }
        let hasRest = difference.activities.contains { !$0.isCertain }
        return
            (certain + (hasRest ? ["\(signed(rest)) in parts that are not certain"] : [])
            + ["\(signed(difference.unexplained.difference)) unexplained"]).joined(separator: ", ")
    }

    private var resolution: String {
        let sides = [difference.before, difference.after].map { side in
            let points = Share.resolution(samples: side.profile.sampleCount) * 100
            return "\(side.profile.sampleCount) samples of \(side.name) resolve shares of \(Text.number(points)) points"
        }
        let isTooShort = [difference.before, difference.after].contains {
            Share.resolution(samples: $0.profile.sampleCount) > 0.1
        }
        let verdict = isTooShort ? "**: too short a run to tell anything by. Make it longer with `--duration`.**" : "."
        return (isTooShort ? "**" : "") + sides.joined(separator: ", ") + verdict
    }

    // MARK: In tables

    private func table(_ parts: [ProfileDifference.Row], and sums: [ProfileDifference.Row]) -> String {
        var table = emptyTable("part")
        for row in parts { table.add([row.name] + cells(row)) }
        for row in sums { table.add(["**\(row.name)**"] + cells(row)) }
        return table.text
    }

    /// Those differences that are certain.
    private func certain(_ rows: [ProfileDifference.Row]) -> String {
        let certain = rows.filter(\.isCertain).prefix(Self.most)
        guard !certain.isEmpty else { return "No difference is certain.\n" }
        var table = emptyTable("")
        for row in certain { table.add(["`\(row.name)`"] + cells(row)) }
        return table.text
    }

    private func emptyTable(_ first: String) -> MarkdownTable {
        MarkdownTable([
            (first, .left), (difference.before.name, .right), (difference.after.name, .right), ("difference", .right),
            ("95 % interval", .right), ("", .left),
        ])
    }

    private func cells(_ row: ProfileDifference.Row) -> [String] {
        [
            time(row.before), time(row.after), signed(row.difference),
            row.interval.map { "\(signed($0.low)) to \(signed($0.high))" } ?? "",
            row.isCertain ? "" : "not certain",
        ]
    }

    private func interval(_ row: ProfileDifference.Row) -> String {
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
