// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports
import Subprocess
import SystemPackage

/// Runs hidden subcommands of this program in child processes.
struct ChildProcess: Sendable {
    /// How a child ended.
    enum Outcome: Sendable {
        /// It succeeded; its standard output.
        case output(String)
        /// It failed, for this reason.
        case failed(String)
    }

    private let executable: FilePath

    /// - Parameter executable: this program, or one with the same hidden subcommands.
    init(executable: FilePath) { self.executable = executable }

    /// Runs a subcommand, and kills it after a number of seconds.
    ///
    /// Throws only if the calling task is cancelled, which kills the child.
    func run(_ command: ChildCommand, _ arguments: [String], limit: Double) async throws -> Outcome {
        let outcome = await withTaskGroup(of: Outcome.self) { group in
            group.addTask { await start([command.rawValue] + arguments) }
            group.addTask {
                try? await Task.sleep(for: .seconds(limit))
                return .failed("killed after its time limit of \(Figure.plain(limit)) s")
            }
            let first = await group.next()
            // Kills the child if the time limit came first.
            group.cancelAll()
            return first ?? .failed("did not start")
        }
        try Task.checkCancellation()
        return outcome
    }

    private func start(_ arguments: [String]) async -> Outcome {
        do {
            let outcome = try await Subprocess.run(
                .path(executable),
                arguments: Arguments(arguments),
                // The signal and the first line describe a crash; symbolizing a backtrace takes longer than the trial.
                environment: .inherit.updating(["SWIFT_BACKTRACE": "enable=no"]),
                // The longest output is the samples of an hour.
                output: .string(limit: 512 << 20),
                error: .string(limit: 1 << 20)
            )
            guard outcome.terminationStatus.isSuccess else {
                return .failed(Crash.description(of: outcome.terminationStatus, standardError: outcome.standardError))
            }
            return .output(outcome.standardOutput)
        } catch {
            return .failed("its process could not be started: \(Console.oneLine("\(error)"))")
        }
    }
}
