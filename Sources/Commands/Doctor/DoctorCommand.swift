// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Harness

/// `bench doctor`: what on this machine widens the noise of measurements.
struct DoctorCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Says whether this machine is fit to measure on, and what to change.",
        discussion: """
            Takes a few seconds, in which it also compares a scheduler with itself, to say how small a difference this \
            machine can show. Marks each condition: ok; widens, if it adds noise or shifts figures; lacks, if some \
            figures cannot be taken without it; unknown, if the machine does not tell. The exit status is 0 whatever \
            the conditions are.

            Example: bench doctor
            """
    )

    func execute() -> ExitStatus {
        attempt("the examination") { DoctorSession().run() }
    }
}
