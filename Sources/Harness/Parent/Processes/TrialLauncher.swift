// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports
import SystemPackage

/// Runs trials in child processes; every failure of a child becomes a record.
struct TrialLauncher: Sendable {
    private let child: ChildProcess

    /// - Parameter executable: this program, or one with the same hidden subcommands.
    init(executable: FilePath) { child = ChildProcess(executable: executable) }

    /// Runs a trial.
    ///
    /// Throws only if the calling task is cancelled.
    func run(_ trial: Trial) async throws -> TrialRecord {
        try await request(.trial, trial, limit: trial.timeLimit) { reason in
            TrialRecord(trial: trial, status: .failed, message: reason)
        }
    }

    /// Runs a trial with the sampling profiler.
    ///
    /// Throws only if the calling task is cancelled.
    func run(_ trial: Trial, samplingInto path: String, frequency: Int) async throws -> SampledTrialResponse {
        let request = SampledTrialRequest(trial: trial, path: path, frequency: frequency)
        return try await self.request(.sampledTrial, request, limit: trial.timeLimit) { reason in
            SampledTrialResponse(TrialRecord(trial: trial, status: .failed, message: reason))
        }
    }

    /// Runs a trial with a trace, which the child writes to a file.
    ///
    /// Throws only if the calling task is cancelled.
    func run(_ trial: Trial, tracingInto path: String, title: String) async throws -> TracedTrialResponse {
        let request = TracedTrialRequest(trial: trial, path: path, title: title)
        return try await self.request(.tracedTrial, request, limit: trial.timeLimit) { reason in
            TracedTrialResponse(TrialRecord(trial: trial, status: .failed, message: reason))
        }
    }

    /// Measures the machine's primitives, in a child that is killed after `limit` seconds.
    ///
    /// - Throws: ``CalibrationFailure``, or `CancellationError` if the calling task is cancelled.
    func calibrate(cpus: CPUSet, allowed: CPUSet, limit: Double = 30) async throws -> Calibration {
        guard let cpu = cpus.numbers.first else { throw CalibrationFailure("no CPU to measure on") }
        let other = allowed.numbers.last { $0 != cpu }
        let arguments = [cpu, other].compactMap(\.self).map { "\($0)" }
        switch try await child.run(.calibrate, arguments, limit: limit) {
        case .output(let text):
            guard let calibration = try? JSONText.value(Calibration.self, from: text) else {
                throw CalibrationFailure("ended without a result")
            }
            return calibration
        case .failed(let reason): throw CalibrationFailure(reason)
        }
    }

    private func request<Request: Encodable, Response: Decodable>(
        _ command: ChildCommand,
        _ request: Request,
        limit: Double,
        failure: (_ reason: String) -> Response
    ) async throws -> Response {
        guard let text = try? JSONText.line(request) else { return failure("the request cannot be encoded as JSON") }
        switch try await child.run(command, [text], limit: limit) {
        case .output(let text):
            return (try? JSONText.value(Response.self, from: text)) ?? failure("ended without a result")
        case .failed(let reason): return failure(reason)
        }
    }
}
