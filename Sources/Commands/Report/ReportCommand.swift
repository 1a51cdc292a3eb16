// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Harness

/// `bench report`: renders a run's results again.
struct ReportCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Writes the report of a run again, from its raw data.",
        discussion: """
            Reads run.json, environment.json and trials.jsonl in a results directory, and writes all other files anew, \
            except the profiles.

            Example: bench report Results/reference
            """
    )

    @Argument(help: ArgumentHelp("The results directory.", valueName: "DIR"))
    var directory: String

    func execute() -> ExitStatus {
        attempt("the report") { try ReportSession(ResultsDirectory.open(directory)).run() }
    }
}
