// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The arguments of `bench run`, unchecked.
struct RunArguments: ParsableArguments {
    @Argument(help: "The workloads; see 'bench list'. (default: all)")
    var workloads: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The workloads of these kinds of load, such as messages,connections; see 'bench list'. (default: all)",
            valueName: "KIND,..."
        )
    )
    var load: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "In place of workloads: standard; peers, what other runtimes can do as well; seed, the questions that "
                + "the project began with; or deadlocks, the edge cases of waiting for a callback, which measures "
                + "nothing. (default: standard)",
            valueName: "NAME"
        )
    )
    var suite: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The backends to compare. (default: all but io-uring)", valueName: "A,B")
    )
    var backends: String?

    @OptionGroup var switchings: SwitchingOption

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Processors for backends that can use several, dispatch, thread-per-task and "
                + "swift-concurrency: a row for each number. "
                + "(default: 1 and all, less one for a server's clients; only 1 with a list in --cpus)",
            valueName: "N,..."
        )
    )
    var workers: String?

    @OptionGroup var measurement: MeasurementOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Processes per cell. (default: 4 or more, as time allows)", valueName: "N")
    )
    var rounds: String?

    @Flag(help: "Small parameters and little time: under 20 seconds for one workload.")
    var quick = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The seed of the order of the turns. (default: random)", valueName: "N")
    )
    var seed: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The baseline of the ratios: a backend, or BACKEND/SWITCHING. (default: the first that runs)",
            valueName: "B"
        )
    )
    var baseline: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Another build of bench, or a git revision to build, to compare with this one. (default: schedulers only)",
            valueName: "BUILD"
        )
    )
    var against: String?

    /// For scripts/check-figures.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Makes this build's trials take longer, by PERCENT. (default: 0)", visibility: .hidden)
    )
    var planted: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Kills a process whose turn takes longer, in seconds. (default: 60, with --quick 20)",
            valueName: "S"
        )
    )
    var timeLimit: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Goes on with the run in a results directory that was interrupted or killed. (default: a new run)",
            valueName: "DIR"
        )
    )
    var resume: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Other runtimes that do the same work: names of folders in scripts/peers, or paths. Without names, all that "
                + "can be built here. (default: none)",
            valueName: "A,B"
        )
    )
    var peers: String?

    @Flag(help: "Writes no files into plots/; report.html has its plots all the same.")
    var noPlots = false

    @Flag(help: "Profiles every workload and backend after the measurements; see 'bench help profile'.")
    var profile = false

    @Flag(
        help: ArgumentHelp(
            "Traces one run of every workload and backend after the measurements, into traces/, 25 MB each at most: who "
                + "ran when, who woke whom, and what each tasklet waited for."
        )
    )
    var trace = false
}
