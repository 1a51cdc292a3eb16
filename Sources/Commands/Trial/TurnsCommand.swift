// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Harness
import Measurement
import Reports

/// `bench turns`: runs a trial in this process, in turns, for `bench run`.
struct TurnsCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: ChildCommand.turns.rawValue,
        abstract: "Runs one trial in this process, in the turns that standard input asks for.",
        shouldDisplay: false
    )

    @Argument(help: "The trial, as JSON.")
    var trial: String

    func execute() -> ExitStatus {
        attempt("the trial") {
            let trial = try ChildCommand.turns.request(Trial.self, from: trial)
            let record = try trial.peer == nil ? TrialRunner.takeTurns(trial) : PeerTrial.takeTurns(trial)
            Console.print(try JSONText.line(TurnReply.record(record)))
            return .success
        }
    }
}
