// SPDX-License-Identifier: Apache-2.0

internal import Measurement
internal import Reports

/// A profile in Markdown: where the time went, whose it was, and how far that can be trusted.
package struct HotspotReport: Sendable {
    private let profile: Attribution
    private let title: String
    private let setting: String
    private let cost: SamplingCost

    /// How much may be missing between the samples and what the kernel accounts.
    package static let tolerance = 0.05

    /// - Parameters:
    ///   - title: what was profiled.
    ///   - setting: with which parameters, and where; a sentence without its stop.
    package init(_ profile: Attribution, title: String, setting: String, cost: SamplingCost) {
        self.profile = profile
        self.title = title
        self.setting = setting
        self.cost = cost
    }

    /// The whole page.
    package var text: String {
        [
            "# Profile: \(title)\n", summary + "\n", resolution + "\n", tasklets, functions, conservation + "\n",
            matching + "\n", cost.text,
        ].joined(separator: "\n")
    }

    private var summary: String {
        """
        \(setting). \(profile.sampleCount) samples of \(Text.processes(profile.processCount)), one asked for every \
        \(Text.milliseconds(Double(profile.period))) of processor time; \(Text.seconds(profile.cpuTime)) of that in \
        \(Text.seconds(profile.elapsed)), \(profile.operations) operations.
        """
    }

    /// What shares can be told apart.
    private var resolution: String {
        let points = Text.number(profile.resolution * 100)
        let ran = "It ran \(Text.seconds(profile.elapsed)), and resolves shares of \(points) points"
        guard !profile.isTooShort else {
            return "**\(ran): too short a run to tell anything by. Make it longer with `--duration`.**"
        }
        return "\(ran) (half of the widest 95 % interval)."
    }

    // MARK: Whose it was

    private var tasklets: String {
        let activities = profile.activities
        var table = MarkdownTable(
            [("tasklet", .left)] + activities.map { ($0.rawValue, .right) }
                + [("all", .right), ("95 % interval", .right)]
        )
        for role in profile.roles {
            let all = profile.share(role.all)
            let cells = activities.map { role.times[$0].map { Text.percent(profile.share($0).fraction) } ?? "" }
            table.add([role.name] + cells + [Text.percent(all.fraction), Text.interval(all.interval)])
        }
        let sums = activities.map { profile.share(profile.time($0)) }
        table.add(["**all**"] + sums.map { Text.percent($0.fraction) } + ["100 %", ""])
        table.add(["95 % interval"] + sums.map { Text.interval($0.interval) } + ["", ""])
        return """
            ## Tasklets and what they were at

            \(table.text)
            Intervals are as wide as two things say together: how far the \(profile.processCount) processes differ \
            (resampled, if there are six), and how many samples there are (Wilson). \(Self.legend)

            """
    }

    private static let legend = """
        *User* is a tasklet's own code, with the system calls that it asks for; *switch* is the scheduler on its behalf; \
        *run queue* the ring, the queues, and the loop between two turns; *poll* asks the kernel what is ready, and \
        passes it on; *timer* keeps deadlines; *idle* goes to sleep and wakes up; *outside* are threads that are no \
        scheduler's, such as the load's.
        """

    // MARK: Functions

    private var functions: String {
        var table = MarkdownTable([
            ("self", .right), ("95 % interval", .right), ("with callees", .right), ("function", .left), ("of", .left),
        ])
        for row in profile.hotFunctions(25) {
            let own = profile.share(row.own)
            let all = profile.share(row.cumulative)
            table.add([
                Text.percent(own.fraction), Text.interval(own.interval), Text.percent(all.fraction),
                "`\(row.function)`", row.place,
            ])
        }
        return "## Hot functions\n\n" + table.text
    }

    // MARK: How far it can be trusted

    /// How much is accounted for here, to what the kernel accounts, less one.
    package var gap: Double {
        profile.cpuTime == 0 ? 0 : Double(accounted) / Double(profile.cpuTime) - 1
    }

    /// Nanoseconds that are accounted for here: those that samples stand for, and those after the last ones.
    private var accounted: UInt64 { profile.sampledTime + profile.rest }

    /// Whether the sum is wrong, or too many stacks could not be told; a run too short to tell is not held to it.
    package var isInconsistent: Bool {
        guard !profile.isTooShort else { return false }
        return abs(gap) > Self.tolerance || profile.share(profile.time(.unknown)).fraction > Self.tolerance
    }

    private var conservation: String {
        let parts = profile.activities.map { ($0.rawValue, profile.time($0).sum) } + [("not attributed", profile.rest)]
        let verdict = isInconsistent ? "; **more than 5 % is wrong or unknown: the shares cannot be trusted**" : ""
        let lost = profile.lost == 0 ? "" : " \(profile.lost) samples had no room; the next ones stand for them."
        return """
            ## Conservation

            \(parts.map { "\($0.0) \(Text.fineSeconds($0.1))" }.joined(separator: " + ")) = \(Text.fineSeconds(accounted)); the \
            kernel accounts \(Text.fineSeconds(profile.cpuTime)): \(Text.signed(gap * 100)) %\(verdict).

            A sample stands for the processor time since the one before it; what a process did after its last one is \
            not attributed.\(lost) \(arrivals)
            """
    }

    /// How many samples came of those that were due.
    private var arrivals: String {
        let due = profile.period == 0 ? 0 : profile.cpuTime / profile.period
        let share = due == 0 ? 1 : Double(profile.sampleCount) / Double(due)
        let count = "Of \(due) samples that were due \(Text.percent(min(share, 1))) came"
        let reason = """
            the kernel looks at its ticks only whether one is due, and what a process that sleeps in between has used by \
            then is one sample all the same
            """
        guard share < 0.5 else { return "\(count): \(reason)." }
        return "**\(count)**: \(reason). What keeps step with the ticks is then over- or underrated."
    }

    private var matching: String {
        let missing = profile.written - profile.matched
        let verdict = missing == 0 ? "all of them" : "\(profile.matched); \(missing) differ, or have none"
        return
            "Of the \(profile.written) samples in gperftools' own profiles, a note with the same stack have \(verdict)."
    }
}
