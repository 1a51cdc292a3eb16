// SPDX-License-Identifier: Apache-2.0

internal import Measurement
internal import Reports

/// A profile in Markdown: where the time went, whose it was, and how far that can be trusted.
package struct ProfileReport: Sendable {
    private let profile: AttributedProfile
    private let title: String
    /// Nanoseconds of processor time an operation with the profiler, and without, round by round.
    private let perturbation: [(profiled: Double, plain: Double)]

    /// How much may be missing between the samples and what the kernel accounts.
    package static let tolerance = 0.05

    package init(
        _ profile: AttributedProfile,
        title: String,
        perturbation: [(profiled: Double, plain: Double)]
    ) {
        self.profile = profile
        self.title = title
        self.perturbation = perturbation
    }

    /// The whole page.
    package var text: String {
        [
            "# Profile: \(title)\n", summary + "\n", resolution + "\n", tasklets, functions, conservation + "\n",
            matching + "\n", cost + "\n",
        ].joined(separator: "\n")
    }

    private var summary: String {
        """
        \(profile.sampleCount) samples, one for every \(Text.milliseconds(Double(profile.period))) of processor time; \
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
        let activities = Activity.allCases.filter { profile.time($0) > 0 }
        var table = MarkdownTable(
            [("tasklet", .left)] + activities.map { ($0.rawValue, .right) }
                + [("all", .right), ("95 % interval", .right)]
        )
        for (name, times) in profile.byTasklet {
            let all = profile.share(times.values.reduce(0, +))
            let cells = activities.map { Text.percent(profile.share(times[$0] ?? 0).fraction) }
            table.add([name] + cells + [Text.percent(all.fraction), Text.interval(all.interval)])
        }
        let sums = activities.map { Text.percent(profile.share(profile.time($0)).fraction) }
        table.add(["**all**"] + sums + ["100 %", ""])
        return "## Tasklets and what they were at\n\n" + table.text
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
        let parts = Activity.allCases.filter { profile.time($0) > 0 }.map { activity in
            "\(activity.rawValue) \(Text.percent(profile.share(profile.time(activity)).fraction))"
        }
        let verdict = isInconsistent ? "; **that is more than 5 %: the shares cannot be trusted**" : ""
        let periods = UInt64(profile.sampleCount) * profile.period
        return """
            ## Conservation

            \(parts.joined(separator: " + ")) = 100 % of \(Text.seconds(profile.sampledTime)) that the samples stand \
            for; the kernel accounts \(Text.seconds(profile.cpuTime)): \(Text.signed(gap * 100)) %\(verdict). \
            Not attributed: \(profile.lost) samples.

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

    private var cost: String {
        let ratios = perturbation.map { $0.profiled / $0.plain }.filter(\.isFinite)
        guard let median = Statistics.median(ratios) else {
            return "## Cost\n\nWhat profiling costs was not measured."
        }
        let interval = Bootstrap.medianInterval(of: ratios).map { ", 95 % interval \(Text.ratios($0))" } ?? ""
        return """
            ## Cost

            With the profiler an operation takes \(Text.ratio(median)) times the processor time that it takes \
            without\(interval): the median of \(ratios.count) rounds, in each of which both ran one after the other.
            """
    }
}
