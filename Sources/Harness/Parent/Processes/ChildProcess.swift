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

    /// Runs a subcommand whose standard input and output are a socket; returns why the child failed, or nil if it
    /// succeeded.
    ///
    /// Closes the socket when the child has ended, so the other end receives the end of the stream then. Cancelling the
    /// calling task kills the child.
    func converse(_ command: ChildCommand, _ arguments: [String], on socket: FileDescriptor) async -> String? {
        defer { try? socket.close() }
        do {
            let outcome = try await Subprocess.run(
                .path(executable),
                arguments: Arguments([command.rawValue] + arguments),
                environment: Self.environment,
                input: .fileDescriptor(socket, closeAfterSpawningProcess: false),
                output: .fileDescriptor(socket, closeAfterSpawningProcess: false),
                error: .string(limit: 1 << 20)
            )
            guard !outcome.terminationStatus.isSuccess else { return nil }
            return Crash.description(of: outcome.terminationStatus, standardError: outcome.standardError)
        } catch {
            return Self.notStarted(error)
        }
    }

    /// The signal and the first line describe a crash; symbolizing a backtrace takes longer than the trial.
    private static let environment = Environment.inherit.updating(["SWIFT_BACKTRACE": "enable=no"])

    /// The reason of a failure to start a child.
    static func notStarted(_ error: any Error) -> String {
        "its process could not be started: \(Console.oneLine("\(error)"))"
    }

    private func start(_ arguments: [String]) async -> Outcome {
        do {
            let outcome = try await Subprocess.run(
                .path(executable),
                arguments: Arguments(arguments),
                environment: Self.environment,
                // The longest output is the samples of an hour.
                output: .string(limit: 512 << 20),
                error: .string(limit: 1 << 20)
            )
            guard outcome.terminationStatus.isSuccess else {
                return .failed(Crash.description(of: outcome.terminationStatus, standardError: outcome.standardError))
            }
            return .output(outcome.standardOutput)
        } catch {
            return .failed(Self.notStarted(error))
        }
    }
}
