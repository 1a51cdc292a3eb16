// SPDX-License-Identifier: Apache-2.0

import Glibc
import Reports

/// The child's end of the line to the parent that hands out turns: commands on standard input, replies on standard
/// output.
struct TurnPort: Sendable {
    /// See ``Trial/timeLimit``.
    let timeLimit: Double

    /// Waits for the next command, blocking the thread; returns nil when there are no more.
    ///
    /// - Throws: ``UsageError`` for an unknown command.
    func next() throws -> TurnCommand? {
        TrialAlarm.cancel()
        guard let line = Swift.readLine() else { return nil }
        TrialAlarm.set(timeLimit)
        guard let command = TurnCommand(rawValue: line) else {
            throw UsageError("'\(line)' on standard input is no command from '\(ChildCommand.turns.sender)'")
        }
        return command
    }

    /// Sends a reply.
    func reply(_ reply: TurnReply) throws { Console.print(try JSONText.line(reply)) }
}
