// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Harness
import Measurement
import Reports

/// `bench trial`: runs a trial in this process, for `bench profile`.
struct TrialCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: ChildCommand.trial.rawValue,
        abstract: "Runs one trial in this process.",
        shouldDisplay: false
    )

    @Argument(help: "The trial, as JSON.")
    var trial: String

    func execute() -> ExitStatus {
        attempt("the trial") {
            let trial = try ChildCommand.trial.request(Trial.self, from: trial)
            Console.print(try JSONText.line(TrialRunner.run(trial)))
            return .success
        }
    }
}
