// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Harness
import Reports

/// `bench trace-trial`: runs a trial in this process with a trace, for `bench run --trace`.
struct TracedTrialCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: ChildCommand.tracedTrial.rawValue,
        abstract: "Runs one trial in this process with a trace.",
        shouldDisplay: false
    )

    @Argument(help: "The request, as JSON.")
    var request: String

    func execute() -> ExitStatus {
        attempt("the trace") {
            let request = try ChildCommand.tracedTrial.request(TracedTrialRequest.self, from: request)
            Console.print(try JSONText.line(TrialRunner.run(request)))
            return .success
        }
    }
}
