// SPDX-License-Identifier: Apache-2.0

import Glibc
import Measurement
import Reports
import Subprocess
import SystemPackage

/// Runs trials, each in a child process, and turns every way in which a child can end into a record.
struct TrialRunner: Sendable {
    private let executable: FilePath

    /// - Parameter executable: this program, which knows the hidden subcommands.
    init(executable: FilePath) { self.executable = executable }

    /// Runs a trial.
    ///
    /// Throws only where the run as a whole has been cancelled.
    func run(_ trial: Trial) async throws -> TrialRecord {
        try await run("trial", trial, limit: trial.timeLimit) { message in
            TrialRecord(trial: trial, status: .failed, message: message)
        }
    }

    /// Runs a trial with a profiler.
    ///
    /// Throws only where the run as a whole has been cancelled.
    func run(_ trial: Trial, profiledInto path: String, frequency: Int) async throws -> ProfiledRecord {
        let order = ProfiledTrial(trial: trial, path: path, frequency: frequency)
        return try await run("profile-trial", order, limit: trial.timeLimit) { message in
            ProfiledRecord(TrialRecord(trial: trial, status: .failed, message: message))
        }
    }

    /// Has a hidden subcommand do something, and reads what it prints; `failed` makes a record of why that is not to be
    /// had.
    private func run<Order: Encodable, Record: Decodable>(
        _ command: String,
        _ order: Order,
        limit: Double,
        failed: (_ message: String) -> Record
    ) async throws -> Record {
        guard let text = try? JSONText.line(order) else { return failed("the trial cannot be written as JSON") }
        switch try await child([command, text], limit: limit) {
        case .ended(let output):
            return (try? JSONText.value(Record.self, from: output)) ?? failed("it ended without a result")
        case .failed(let message): return failed(message)
        }
    }

    /// Measures the machine's primitives.
    ///
    /// Throws a ``CalibrationError`` where that fails.
    func calibrate(cpus: CPUSet, allowed: CPUSet) async throws -> Calibration {
        guard let cpu = cpus.numbers.first else { throw CalibrationError("there is no CPU to measure on") }
        let other = allowed.numbers.last { $0 != cpu }
        let arguments = ["calibrate", "\(cpu)"] + (other.map { ["\($0)"] } ?? [])
        switch try await child(arguments, limit: 30) {
        case .ended(let output):
            guard let calibration = try? JSONText.value(Calibration.self, from: output) else {
                throw CalibrationError("it ended without a result")
            }
            return calibration
        case .failed(let message):
            throw CalibrationError(message)
        }
    }

    private enum Ending: Sendable {
        /// The child ended well; what it printed.
        case ended(String)
        /// Why there is no result.
        case failed(String)
    }

    /// Whichever comes first, the child's end or the time limit; the other is cancelled, and a cancelled child killed.
    private func child(_ arguments: [String], limit: Double) async throws -> Ending {
        let ending = await withTaskGroup(of: Ending.self) { group in
            group.addTask { await process(arguments) }
            group.addTask {
                try? await Task.sleep(for: .seconds(limit))
                return .failed("it was killed after its time limit of \(Figure.plain(limit)) s")
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .failed("it did not start")
        }
        try Task.checkCancellation()
        return ending
    }

    private func process(_ arguments: [String]) async -> Ending {
        do {
            let outcome = try await Subprocess.run(
                .path(executable),
                arguments: Arguments(arguments),
                // A crash is told by its signal and its first line; symbolizing it would take longer than the trial.
                environment: .inherit.updating(["SWIFT_BACKTRACE": "enable=no"]),
                // The notes of a profile that took an hour are the most.
                output: .string(limit: 512 << 20),
                error: .string(limit: 1 << 20)
            )
            guard outcome.terminationStatus.isSuccess else {
                return .failed(Crash.sentence(outcome.terminationStatus, standardError: outcome.standardError))
            }
            return .ended(outcome.standardOutput)
        } catch {
            return .failed("its process could not be run: \(Output.oneLine("\(error)"))")
        }
    }
}

/// Why the machine's primitives could not be measured.
struct CalibrationError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// How a process that did not end well is described.
enum Crash {
    static func sentence(_ status: TerminationStatus, standardError: String) -> String {
        let reason = reason(standardError)
        return ending(status) + (reason.isEmpty ? "" : ": \(reason)")
    }

    private static func ending(_ status: TerminationStatus) -> String {
        switch status {
        case .exited(let code): "it exited with status \(code)"
        case .signaled(let signal): "it crashed with \(name(signal))"
        }
    }

    private static func name(_ signal: Int32) -> String {
        let names = [
            SIGILL: "SIGILL", SIGTRAP: "SIGTRAP", SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGSEGV: "SIGSEGV",
            SIGKILL: "SIGKILL", SIGALRM: "SIGALRM", SIGTERM: "SIGTERM", SIGINT: "SIGINT",
        ]
        return "signal \(signal)" + (names[signal].map { " (\($0))" } ?? "")
    }

    /// The line that says why, or the last one.
    private static func reason(_ standardError: String) -> String {
        let lines = standardError.split(separator: "\n").map { Output.oneLine(String($0)) }.filter { !$0.isEmpty }
        let line = lines.first { $0.contains("Fatal error") || $0.contains("fatal error") } ?? lines.last ?? ""
        return String(line.prefix(300))
    }
}
