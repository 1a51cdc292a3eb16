// SPDX-License-Identifier: Apache-2.0

import Measurement
import ParameterValues
package import Profiling
import Workloads

/// A `bench profile --self-test`: profiles of tasklets with known shares, and their errors.
package struct SelfTestSession: Sendable {
    private let request: SelfTestRequest
    private let symbolizer: Symbolizer

    /// Microseconds between two switches.
    private static let slices = [1, 100]

    /// Creates a session.
    package init(request: SelfTestRequest, symbolizer: Symbolizer) {
        self.request = request
        self.symbolizer = symbolizer
    }

    /// Profiles every variant and prints the errors.
    package func run() async throws -> ExitStatus {
        Interrupt.catchSignals()
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let launcher = TrialLauncher(executable: try ReleaseBuild.ownPath())
        var checks: [ShareCheck] = []
        for variant in request.variants {
            for slice in Self.slices {
                Console.note("\(variant.name), \(slice) µs or more between switches, \(request.duration) s")
                checks.append(try await check(variant, slice, launcher, in: folder))
            }
        }
        Console.print(ShareCheck.table(checks))
        Console.print(ShareCheck.verdict(checks))
        return checks.allSatisfy(\.isWithinTolerance) ? .success : .trialFailed
    }

    private func check(
        _ variant: SchedulerVariant,
        _ slice: Int,
        _ launcher: TrialLauncher,
        in folder: TemporaryFolder
    ) async throws -> ShareCheck {
        let trial = trial(variant, slice)
        let path = "\(folder.path)/\(trial.cell.backend)-\(trial.cell.switching)-\(slice).prof"
        let response = try await Interrupt.cancelling {
            try await launcher.run(trial, samplingInto: path, frequency: request.frequency)
        }
        let profile = try await Attribution([try response.profile(at: path)], symbolizer)
        return ShareCheck(scheduler: variant.name, slice: slice, profile)
    }

    /// Runs are long enough that their ends do not matter, and short enough that the last exceeds the duration by
    /// little.
    private func trial(_ variant: SchedulerVariant, _ slice: Int) -> Trial {
        let parameters = ["slice": slice, "turns": max(1, 20_000 / slice)].mapValues { ParameterValue.number($0) }
        let seconds = Double(request.duration)
        return Trial(
            cell: variant.cell(Workloads.knownShares, parameters, cpus: request.cpus),
            round: 1,
            minimumTime: seconds,
            timeLimit: SamplingPlan.timeLimit(seconds)
        )
    }
}
