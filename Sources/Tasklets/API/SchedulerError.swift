// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What a scheduler, a channel or a tasklet refuses to do, and why.
public struct SchedulerError: Error, Sendable, CustomStringConvertible {
    /// The kind of refusal.
    public enum Code: Sendable {
        /// Nothing can run any more, and tasklets are still blocked.
        case deadlock
        /// The tasklet would have blocked while its block trap was set.
        case blockTrap
        /// A switch was due while the scheduler's switch trap was set.
        case switchTrap
        /// The channel is closed, and the operation would have had to wait.
        case channelClosed
        /// The tasklet has ended.
        case deadTasklet
        /// The tasklet is blocked, and the operation does not apply to blocked ones.
        case blockedTasklet
        /// The tasklet is the running one, and the operation does not apply to that.
        case currentTasklet
        /// A callback used what it was called by.
        case recursiveCallback
        /// The channel or tasklet belongs to another scheduler, or the caller is no tasklet.
        case wrongScheduler
        /// The deadline of an operation has passed.
        case timedOut
        /// The backend or machine does not do this.
        case unsupported
        /// The operating system refused.
        case system
    }

    /// The kind of refusal.
    public var code: Code
    /// A sentence that says what happened and what can be done.
    public var message: String
    /// With ``Code/deadlock``: every blocked tasklet.
    public var blocked: [BlockedTasklet]
    /// With ``Code/system``: threads, stacks, memory or descriptors ran out; and nothing else went wrong.
    package var isShortage = false

    /// Creates an error.
    public init(_ code: Code, _ message: String, blocked: [BlockedTasklet] = []) {
        self.code = code
        self.message = message
        self.blocked = blocked
    }

    /// A resource has run out.
    package static func shortage(_ message: String) -> SchedulerError {
        var error = SchedulerError(.system, message)
        error.isShortage = true
        return error
    }

    /// An operation failed with an errno.
    package static func failed(_ what: String, errno code: CInt) -> SchedulerError {
        var error = SchedulerError(.system, "\(what) failed: \(String(cString: strerror(code)))")
        error.isShortage = [EMFILE, ENFILE, ENOMEM, ENOBUFS].contains(code)
        return error
    }

    /// The message, with a line for each blocked tasklet, and a drawing of which waits for which.
    public var description: String {
        let chains = WaitGraph(blocked).lines
        let drawing = chains.isEmpty ? [] : ["who waits for whom:"] + chains.map { "  \($0)" }
        return ([message] + blocked.map { "  \($0)" } + drawing).joined(separator: "\n")
    }
}

/// A tasklet that waits, for what, and where it came from.
public struct BlockedTasklet: Sendable, CustomStringConvertible {
    /// The tasklet that waits.
    public var tasklet: Tasklet
    /// For what, in words: "a receiver on channel 'numbers'".
    public var waitsFor: String
    /// The channel's name, where it waits on one that has a name.
    public var channel: String?
    /// `file:line` of its `spawn`, or of where it was made.
    public var spawnSite: String
    /// The tasklet that it waits for, where that is known: the one whose end it awaits, or the last that acted at the
    /// other end of the channel, where that has not ended.
    public internal(set) var partner: Tasklet?

    /// One line.
    public var description: String {
        "\(tasklet) waits for \(waitsFor); spawned at \(spawnSite)"
    }
}

/// Raised in a tasklet that is killed, where it is suspended.
///
/// Swallowed when a tasklet ends with it. It can be caught, and the tasklet may then continue. Stackless's
/// `TaskletExit`.
public struct TaskletExit: Error {
    /// Creates one.
    public init() {}
}
