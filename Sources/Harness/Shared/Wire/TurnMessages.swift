// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// What the parent asks of a process that measures in turns.
///
/// It asks for ``prepare`` once, then for as many turns as it likes. The process ends, with its record, when its
/// standard input does.
package enum TurnCommand: String, Sendable {
    /// Create the scheduler and warm up. The reply is ``TurnReply/ready``.
    case prepare
    /// Measure for a few milliseconds. The reply is ``TurnReply/turn(_:)``.
    case turn
}

/// What a process that measures in turns replies.
package enum TurnReply: Sendable, Codable {
    /// It is warm.
    case ready
    /// It has measured.
    case turn(Turn)
    /// It ends, on its own account if it failed.
    case record(TrialRecord)
}
