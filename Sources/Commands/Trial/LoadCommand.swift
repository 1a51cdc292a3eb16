// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Harness
import Measurement

/// `bench load`: generates the load that a trial in another process asks for.
struct LoadCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: ChildCommand.load.rawValue,
        abstract: "Generates the load that a trial asks for on standard input.",
        shouldDisplay: false
    )

    @Argument(help: "The CPUs to run on.")
    var cpus: String

    func execute() -> ExitStatus {
        attempt("the load") {
            guard let cpus = CPUSet(list: cpus) else {
                throw UsageError.invalid("the list of CPUs", cpus, expected: "a list such as 0,2-3")
            }
            try LoadServer.run(cpus: cpus)
            return .success
        }
    }
}
