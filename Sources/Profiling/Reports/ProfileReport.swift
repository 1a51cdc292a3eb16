// SPDX-License-Identifier: Apache-2.0

internal import Measurement
internal import Reports

/// A profile in Markdown: where the time went, whose it was, and how far that can be trusted.
package struct ProfileReport: Sendable {
    private let profile: AttributedProfile
    private let title: String
    private let cost: ProfileCost

    /// How much may be missing between the samples and what the kernel accounts.
    package static let tolerance = 0.05

    package init(_ profile: AttributedProfile, title: String, cost: ProfileCost) {
        self.profile = profile
        self.title = title
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
        \(profile.sampleCount) samples of \(Text.processes(profile.processCount)), one for every \(Text.milliseconds(Double(profile.period))) of processor time; \
        \(Text.seconds(profile.cpuTime)) of that in \(Text.seconds(profile.elapsed)), \(profile.operations) operations.
        """
    }

    /// What shares so many samples can tell apart.
    private var resolution: String {
        let points = Share.resolution(samples: profile.sampleCount) * 100
        let ran = "It ran \(Text.seconds(profile.elapsed)), and resolves shares of \(Text.number(points)) points"
        guard points <= 10 else {
            return "**\(ran): too short a run to tell anything by. Make it longer with `--duration`.**"
        }
        return "\(ran) (half of a 95 % interval around one half)."
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
            (resampled), and how many samples there are (Wilson).

            """
    }

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

    /// How much the samples stand for, to what the kernel accounts, less one.
    package var gap: Double {
        profile.cpuTime == 0 ? 0 : Double(profile.sampledTime) / Double(profile.cpuTime) - 1
    }

    /// Whether too much is missing, or there is too much; a run too short to tell is not held to it.
    package var isInconsistent: Bool {
        abs(gap) > Self.tolerance && Share.resolution(samples: profile.sampleCount) <= 0.1
    }

    private var conservation: String {
        let parts = profile.activities.map { "\($0.rawValue) \(Text.fineSeconds(profile.time($0).sum))" }
        let verdict = isInconsistent ? "; **that is more than 5 %: the shares cannot be trusted**" : ""
        let periods = UInt64(profile.sampleCount) * profile.period
        return """
            ## Conservation

            \(parts.joined(separator: " + ")) = \(Text.fineSeconds(profile.sampledTime)) that the samples stand for; the \
            kernel accounts \(Text.fineSeconds(profile.cpuTime)): \(Text.signed(gap * 100)) %\(verdict). What a process \
            did after its last sample is not attributed, and neither are \(profile.lost) samples for which there was no \
            room.

            A sample stands for the processor time since the one before it. Were that always \
            \(Text.milliseconds(Double(profile.period))), as was asked for, they would make \(Text.seconds(periods)): \
            the kernel looks at its ticks only whether a sample is due, and what a process that sleeps in between has \
            used by then is one sample all the same.
            """
    }

    private var matching: String {
        let missing = profile.written - profile.matched
        let verdict = missing == 0 ? "all of them" : "\(profile.matched); \(missing) differ, or have none"
        return
            "Of the \(profile.written) samples in gperftools' own profiles, a note with the same stack have \(verdict)."
    }
}
