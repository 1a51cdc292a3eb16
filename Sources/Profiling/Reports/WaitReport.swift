// SPDX-License-Identifier: Apache-2.0

internal import Measurement
internal import Reports
import Tasklets

/// A wait profile in Markdown: what each tasklet did with its life, what it waited for, and whether that adds up.
package struct WaitReport: Sendable {
    private let profile: WaitProfile
    private let title: String
    private let setting: String

    /// - Parameters:
    ///   - title: what was traced.
    ///   - setting: the parameters and the CPUs, as a sentence without its full stop.
    package init(_ profile: WaitProfile, title: String, setting: String) {
        self.profile = profile
        self.title = title
        self.setting = setting
    }

    /// The whole page.
    package var text: String {
        [
            "# Waits: \(title)\n", summary + "\n", Self.explanation + "\n", lives, "## Waits\n", waits,
            "## Do they add up?\n", conservation + "\n",
        ].joined(separator: "\n")
    }

    private var summary: String {
        let cut = profile.isCut ? " **There was no room for more events: the run went on.**" : ""
        return """
            \(setting). \(profile.events) events of \(profile.rows.map(\.tasklets).reduce(0, +)) tasklets on \
            \(profile.threads) \(profile.threads == 1 ? "thread" : "threads") in \
            \(Figure.readable(Double(profile.elapsed), unit: "ns")).\(cut)
            """
    }

    private static let explanation = """
        Of a tasklet's life, from the moment when it is made runnable to its end. A recorder is told of every switch, \
        which makes switches several times slower than they are: shares say what tasklets wait for, and no time here \
        is to be compared with a measured one.
        """

    /// The kinds of waits that there are, in the order of their declaration.
    private var kinds: [TraceWait.Kind] {
        let found = Set(profile.rows.flatMap { $0.waits.map(\.kind) })
        return TraceWait.Kind.allCases.filter(found.contains)
    }

    private var lives: String {
        var table = MarkdownTable(
            [("tasklet", .left), ("number", .right), ("mean life", .right), ("runs", .right), ("running", .right)]
                + kinds.map { ($0.rawValue, .right) }
        )
        for row in profile.rows {
            let life = Double(row.lifetime)
            table.add(
                [
                    row.name, "\(row.tasklets)", Figure.readable(life / Double(max(row.tasklets, 1)), unit: "ns"),
                    "\(row.runs)", Figure.percent(Double(row.running), of: life),
                ] + kinds.map { Figure.percent(Double(row.waited(for: $0)), of: life) }
            )
        }
        return table.text
    }

    private var waits: String {
        var table = MarkdownTable([
            ("tasklet", .left), ("waits for", .left), ("times", .right), ("mean", .right), ("longest", .right),
            ("of its life", .right),
        ])
        for row in profile.rows {
            for wait in row.waits {
                let total = Double(wait.time.total)
                table.add([
                    row.name, wait.title, "\(wait.time.count)",
                    Figure.readable(total / Double(max(wait.time.count, 1)), unit: "ns"),
                    Figure.readable(Double(wait.time.longest), unit: "ns"),
                    Figure.percent(total, of: Double(row.lifetime)),
                ])
            }
        }
        return table.text
    }

    private var conservation: String {
        let gap = profile.rows.map(\.largestGap).max() ?? 0
        return """
            Runs and waits are all but \(Figure.points(gap)) % of each tasklet's life; \(profile.contradictions) events \
            contradict others.\(wall) A CPU profile (`--profile`), of another run and without the recorder, says which \
            functions take the time in which tasklets run.
            """
    }

    /// What one thread did all the time; empty for several, which may have waited themselves.
    private var wall: String {
        guard profile.threads == 1 else { return "" }
        let running = Double(profile.rows.map(\.running).reduce(0, +))
        let elapsed = Double(profile.elapsed)
        return """
             Of the elapsed time, tasklets ran for \(Figure.percent(running, of: elapsed)); the remaining \
            \(Figure.percent(elapsed - running, of: elapsed)) are the scheduler's: switches, polls, and waiting for \
            something to run.
            """
    }
}

extension WaitProfile {
    /// Why the profile cannot be trusted; nil where runs and waits are all but one per cent of each life.
    package var failure: String? {
        if contradictions > 0 { return "\(contradictions) events contradict others" }
        guard let row = rows.max(by: { $0.largestGap < $1.largestGap }), row.largestGap > 0.01 else { return nil }
        return "the runs and waits of \(row.name) are not all of its life: \(Figure.percent(row.largestGap)) is missing"
    }
}
