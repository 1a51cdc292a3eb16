// SPDX-License-Identifier: Apache-2.0

import Measurement
import ParameterValues
import SystemPackage
import TestSupport
import Testing

@testable import Harness

private let anyTrial = Trial(
    cell: Cell(
        workload: "yield",
        parameters: [:],
        backend: "epoll",
        switching: "soft",
        cpus: "0",
        metric: .time("switch")
    ),
    round: 1,
    minimumTime: 0.1,
    // Far longer than the children take, however busy the machine is.
    timeLimit: 3600
)

@Suite("Launching trials")
struct LauncherTests {
    private let trial = anyTrial

    @Test("a failed calibration says why")
    func failedCalibration() async {
        let launcher = TrialLauncher(executable: "/bin/false")
        await #expect(throws: CalibrationFailure("exited with status 1")) {
            try await launcher.calibrate(cpus: .allowed(), allowed: .allowed(), limit: anyTrial.timeLimit)
        }
    }

    @Test("a child that fails, prints no record or cannot be started becomes a failed record")
    func failedTrials() async throws {
        for (executable, reason) in [("/bin/false", "exited with status 1"), ("/bin/true", "ended without a result")] {
            let record = try await TrialLauncher(executable: FilePath(executable)).run(trial)
            #expect(record == TrialRecord(trial: trial, status: .failed, message: reason))
        }
        let record = try await TrialLauncher(executable: "/no/such/program").run(trial)
        #expect(record.status == .failed)
        #expect(record.message?.hasPrefix("its process could not be started: ") == true)
    }
}

@Suite struct `Processes that take turns` {
    /// A batch blocks its thread.
    private func records(_ executable: FilePath, of trial: Trial = anyTrial) async throws -> [TrialRecord] {
        try await onItsOwnThread {
            Batch([trial], Builds(own: executable, other: nil)).run(order: SystemRandomNumberGenerator())
        }
    }

    @Test(
        arguments: [
            ("/bin/false", "exited with status 1"), ("/bin/true", "ended without a result"),
            // Prints its argument, which is no reply.
            ("/bin/echo", "ended without a result"),
        ]
    )
    func `Leave a failed record where they answer nothing`(executable: String, reason: String) async throws {
        let records = try await records(FilePath(executable))
        #expect(records.map(\.status) == [.failed])
        #expect(records.map(\.message) == [reason])
    }

    @Test func `Leave a failed record of a counting trial that is still one`() async throws {
        var trial = anyTrial
        trial.counts = true
        let records = try await records("/bin/false", of: trial)
        #expect(records.map(\.status) == [.failed])
        #expect(records.measured.isEmpty)
    }

    @Test func `Leave a failed record where they cannot be started`() async throws {
        let records = try await records("/no/such/program")
        #expect(records.map(\.status) == [.failed])
        #expect(records.first?.message?.hasPrefix("its process could not be started: ") == true)
    }
}
