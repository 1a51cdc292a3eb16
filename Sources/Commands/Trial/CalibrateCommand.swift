// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Harness
import Measurement
import Reports

/// `bench calibrate`: measures the machine's primitives in this process, for `bench run`.
struct CalibrateCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: ChildCommand.calibrate.rawValue,
        abstract: "Measures the machine's primitives.",
        shouldDisplay: false
    )

    @Argument(help: "The CPU to measure on.")
    var cpu: Int

    @Argument(help: "A second CPU, for the primitives that need two.")
    var otherCPU: Int?

    func execute() -> ExitStatus {
        attempt("the calibration") {
            Console.print(try JSONText.line(Yardsticks.measure(cpu: cpu, otherCPU: otherCPU)))
            return .success
        }
    }
}
