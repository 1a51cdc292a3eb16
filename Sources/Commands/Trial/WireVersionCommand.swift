// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Harness

/// `bench wire-version`: says which builds this one can take turns with, for `bench run --against`.
struct WireVersionCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: ChildCommand.wireVersion.rawValue,
        abstract: "Prints the version of the hidden subcommands' requests and responses.",
        shouldDisplay: false
    )

    func execute() -> ExitStatus {
        attempt("the answer") {
            guard BuildMode.mayRunTrials else { throw UsageError("a debug build does not measure") }
            Console.print("\(ChildCommand.version)")
            return .success
        }
    }
}
