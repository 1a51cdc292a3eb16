// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The arguments that whatever measures takes.
struct CommonArguments: ParsableArguments {
    @Option(
        name: .customLong("set"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Sets a parameter of the workloads that have it.", valueName: "NAME=VALUE")
    )
    var settings: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Confines every trial to these CPUs; one CPU without.", valueName: "LIST")
    )
    var cpus: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Where the results go; a new or empty directory.", valueName: "DIR")
    )
    var output: String?
}
