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
        let conditions = Conditions.observe(hasProfiler: Self.hasProfiler())
        Console.print(DoctorPage.text(conditions))
        return .success
    }

    private static func hasProfiler() -> Bool { (try? CPUProfiler.require()) != nil }
}
