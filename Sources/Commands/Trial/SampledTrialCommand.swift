// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Harness
import Reports

/// `bench profile-trial`: runs a trial in this process with the profiler, for `bench profile` and `bench run
/// --profile`.
struct SampledTrialCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: ChildCommand.sampledTrial.rawValue,
        abstract: "Runs one trial in this process with the profiler.",
        shouldDisplay: false
    )

    @Argument(help: "The request, as JSON.")
    var request: String

    func execute() -> ExitStatus {
        attempt("the profile") {
            let request = try ChildCommand.sampledTrial.request(SampledTrialRequest.self, from: request)
            Console.print(try JSONText.line(TrialRunner.run(request)))
            return .success
        }
    }
}
