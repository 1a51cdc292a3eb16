// SPDX-License-Identifier: Apache-2.0

import Measurement
import Profiling
import Reports

/// A `bench doctor`: whether this machine is fit to measure on, and what to change.
package struct DoctorSession: Sendable {
    /// Creates a session.
    package init() {}

    /// Observes the machine and prints the page.
    ///
    /// The status says nothing about the machine: an unfit one is no failure of the command.
    package func run() -> ExitStatus {
        // First: the control adds to the load.
        let conditions = Conditions.observe(hasProfiler: Self.hasProfiler())
        Console.print(DoctorPage.text(conditions, floor: floor()))
        return .success
    }

    private func floor() -> [String] {
        guard BuildMode.mayRunTrials else { return ["  not measured: this is a debug build"] }
        guard let cpu = CPUSet.allowed().numbers.last else { return ["  not measured: no CPU is allowed"] }
        do {
            try DescriptorLimit.check()
            return try NullControl(executable: ReleaseBuild.ownPath(), cpus: CPUSet([cpu])).run()
        } catch {
            return ["  not measured: \(error)"]
        }
    }

    private static func hasProfiler() -> Bool { (try? CPUProfiler.require()) != nil }
}
