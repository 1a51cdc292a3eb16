// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The option of all subcommands that run a scheduler.
struct SwitchingOption: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How tasklets leave the processor; several for 'bench run'. (default: the backend's first, in a run all)",
            valueName: "S,..."
        )
    )
    var switching: String?
}
