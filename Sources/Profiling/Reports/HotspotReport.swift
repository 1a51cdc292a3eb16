// SPDX-License-Identifier: Apache-2.0

internal import Measurement
internal import Reports

/// A profile in Markdown: where the time went, which tasklet spent it, and how far to trust the figures.
package struct HotspotReport: Sendable {
    private let profile: Attribution
    private let title: String
    private let setting: String
    private let cost: SamplingCost

    /// The largest gap between the samples and the kernel's accounts, as a share, that is no error.
    package static let tolerance = 0.05

    /// - Parameters:
    ///   - title: what was profiled.
    ///   - setting: the parameters and the CPUs, as a sentence without its full stop.
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
        let processes = profile.processCount == 1 ? "1 process" : "\(profile.processCount) processes"
        return """
            \(setting). \(profile.sampleCount) samples of \(processes), one requested per \
            \(Figure.milliseconds(profile.period)) of processor time; \(Figure.seconds(profile.cpuTime)) of processor \
            time in \(Figure.seconds(profile.elapsed)), \(profile.operations) operations.
            """
    }

    private var resolution: String {
        let ran =
            "The run took \(Figure.seconds(profile.elapsed)) and resolves shares to "
            + "\(Figure.points(profile.resolution)) points"
        guard !profile.isTooShort else {
            return "**\(ran): it is too short for any conclusion. Make it longer with `--duration`.**"
        }
        return "\(ran) (half of the widest 95 % confidence interval)."
    }

    // MARK: Tasklets

    private var tasklets: String {
        let activities = profile.activities
        var table = MarkdownTable(
            [("tasklet", .left)] + activities.map { ($0.rawValue, .right) }
                + [("all", .right), ("95 % interval", .right)]
        )
        for role in profile.roles {
            let all = profile.share(role.all)
            let cells = activities.map { role.times[$0].map { Figure.percent(profile.share($0).fraction) } ?? "" }
            table.add([role.name] + cells + [Figure.percent(all.fraction), Figure.percent(all.interval)])
        }
        let sums = activities.map { profile.share(profile.time($0)) }
        table.add(["**all**"] + sums.map { Figure.percent($0.fraction) } + ["100 %", ""])
        table.add(["95 % interval"] + sums.map { Figure.percent($0.interval) } + ["", ""])
        return """
            ## Tasklets and activities

            \(table.text)
            An interval covers both the differences between the \(profile.processCount) processes (resampled, if there \
            are at least six) and the number of samples (Wilson). \(Self.legend)

            """
    }

    private static let legend = """
        *User* is a tasklet's own code and the system calls that it makes; *switch* is the scheduler on behalf of a \
        tasklet; *run queue* enqueues and dequeues tasklets, and runs the loop between two turns; *poll* asks the kernel \
        what is ready, and dispatches it; *timer* keeps deadlines; *idle* goes to sleep and wakes up; *outside* are \
        threads that run no scheduler, such as the one that reads a load generator's replies.
        """

    // MARK: Functions

    private var functions: String {
        var table = MarkdownTable([
            ("self", .right), ("95 % interval", .right), ("with callees", .right), ("function", .left),
            ("module", .left),
        ])
        for row in profile.hotFunctions(25) {
            let own = profile.share(row.own)
            let all = profile.share(row.cumulative)
            table.add([
                Figure.percent(own.fraction), Figure.percent(own.interval), Figure.percent(all.fraction),
                "`\(row.function)`", row.place,
            ])
        }
        return "## Hot functions\n\n" + table.text
    }

    // MARK: How far to trust it

    /// The processor time that the profile accounts for, divided by the kernel's account, less one.
    package var gap: Double {
        profile.cpuTime == 0 ? 0 : Double(accounted) / Double(profile.cpuTime) - 1
    }

    /// Nanoseconds that the samples stand for, and those after each process's last sample.
    private var accounted: UInt64 { profile.sampledTime + profile.rest }

    /// Whether the sum is wrong or too many stacks are unknown, unless the run is too short for any conclusion.
    package var isInconsistent: Bool {
        guard !profile.isTooShort else { return false }
        return abs(gap) > Self.tolerance || profile.share(profile.time(.unknown)).fraction > Self.tolerance
    }

    private var conservation: String {
        let parts = profile.activities.map { ($0.rawValue, profile.time($0).sum) } + [("not attributed", profile.rest)]
        let sum = parts.map { "\($0.0) \(Figure.seconds($0.1, decimals: 3))" }.joined(separator: " + ")
        let verdict = isInconsistent ? "; **more than 5 % is wrong or unknown: do not trust the shares**" : ""
        let lost =
            profile.lost == 0
            ? ""
            : " \(profile.lost) samples were dropped for lack of room; the next ones stand "
                + "for their time."
        return """
            ## Conservation

            \(sum) = \(Figure.seconds(accounted, decimals: 3)); the kernel accounts for \
            \(Figure.seconds(profile.cpuTime, decimals: 3)): \(Figure.change(gap * 100)) %\(verdict).

            A sample stands for the processor time since the previous one. What a process did after its last sample is \
            not attributed.\(lost) \(arrivals)
            """
    }

    private var arrivals: String {
        let due = profile.period == 0 ? 0 : profile.cpuTime / profile.period
        let share = due == 0 ? 1 : Double(profile.sampleCount) / Double(due)
        let count = "Of \(due) samples that were due, \(Figure.percent(min(share, 1))) arrived"
        let reason = """
            the kernel checks at its ticks only whether a sample is due, so a process that sleeps in between may have \
            used several periods by then and still gets one sample
            """
        guard share < 0.5 else { return "\(count): \(reason)." }
        return "**\(count)**: \(reason). Code that runs in step with the ticks is then over- or underrated."
    }

    private var matching: String {
        let missing = profile.written - profile.matched
        let verdict = missing == 0 ? "all have" : "\(profile.matched) have, and \(missing) lack,"
        return "Of the \(profile.written) samples in gperftools' own profiles, \(verdict) a note with the same stack."
    }
}
