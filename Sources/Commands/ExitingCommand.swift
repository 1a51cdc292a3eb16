// SPDX-License-Identifier: Apache-2.0

import Harness

/// A subcommand that returns its exit status.
protocol ExitingCommand {
    func execute() -> ExitStatus
}

extension ExitingCommand {
    /// Runs the body of a subcommand; an error becomes a message and an exit status.
    ///
    /// - Parameter activity: what the subcommand does, for the message: "the run".
    func attempt(_ activity: String, _ body: () throws -> ExitStatus) -> ExitStatus {
        do {
            return try body()
        } catch let error as UsageError {
            Console.error("\(error)")
            return .usage
        } catch is CancellationError where Interrupt.isRequested {
            Console.error("\(activity) was interrupted")
            return .interrupted
        } catch {
            Console.error("\(activity) failed: \(error)")
            return .trialFailed
        }
    }
}
