// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The options of the subcommands that run trials.
struct MeasurementOptions: ParsableArguments {
    @Option(
        name: .customLong("set"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Sets a parameter of the workloads that have it; 'bench run' measures each of several values. "
                + "(default: see 'bench list')",
            valueName: "NAME=VALUE[,VALUE...]"
        )
    )
    var settings: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The CPUs to pin every trial to. (default: the last, or as many as workers)",
            valueName: "LIST"
        )
    )
    var cpus: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The directory for the results, new or empty. (default: Results/<date>-<host>)",
            valueName: "DIR"
        )
    )
    var output: String?
}
