// SPDX-License-Identifier: Apache-2.0

public import Tasklets

/// The edge cases of waiting for a callback in which programs of Stackless, greenlet, gevent, eventlet and Twisted
/// are known to hang, to lose a wake-up, or to return a wrong value.
///
/// Each is a small program, which runs on any scheduler that has the means, in each style. It ends in a value or in
/// an error that names what has happened, and never hangs: where a style deadlocks by nature, the scheduler says so.
public enum DeadlockCase: String, CaseIterable, Sendable {
    case alreadyFired = "E1"
    case onReactor = "E2"
    case onReactorBesideOthers = "E2b"
    case killedWaiter = "E3"
    case earlyValue = "E4"
    case nested = "E5"
    case foreignWakeUp = "E6"
    case twoWaiters = "E7"
    case chain = "E8"
    case lost = "E9"
    case stoppedReactor = "E10"
    case cycle = "E11"
    case synchronousFrame = "E12"
    case foreignThread = "E13"
    case failingWaiter = "E14"
    case killedCallback = "E15"
    case idleReactor = "E16"
    case pausedWrite = "E17"
    case blockTrap = "E18"
    case waitingMain = "E19"

    /// What happens in it.
    public var sentence: String {
        switch self {
        case .alreadyFired: "The deferred has fired when a tasklet begins to wait for it."
        case .onReactor: "A callback of the reactor waits for what only the reactor can bring."
        case .onReactorBesideOthers: "So it does, while another tasklet is runnable."
        case .killedWaiter: "The waiter was killed, and then the deferred fires."
        case .earlyValue: "The deferred fires when its callback was added, and before the tasklet waits."
        case .nested: "A tasklet waits for one that waits for a deferred."
        case .foreignWakeUp: "Another tasklet tries to resume the one that waits."
        case .twoWaiters: "Two tasklets wait for one deferred."
        case .chain: "One tasklet waits for a deferred, another one for what a callback makes of its value."
        case .lost: "Nothing refers any more to the deferred that was to fire."
        case .stoppedReactor: "The reactor stops while a tasklet waits for one of its operations."
        case .cycle: "Two tasklets each wait for a deferred that the other fires."
        case .synchronousFrame: "The wait is in a comparator that was given to sort."
        case .foreignThread: "A thread that is no scheduler's waits."
        case .failingWaiter: "The waiter gets its value, and fails."
        case .killedCallback: "The tasklet that fires a deferred is killed in a callback."
        case .idleReactor: "Tasklets are runnable while the reactor waits for a timer, and at a silent connection."
        case .pausedWrite: "A connection is read while a write to it has to wait."
        case .blockTrap: "The deferred has fired, and the waiter's block trap is set."
        case .waitingMain: "Main runs all others until none is runnable, while one waits."
        }
    }

    /// Whether it needs a reactor, which not every scheduler has.
    public var needsReactor: Bool {
        switch self {
        case .onReactor, .onReactorBesideOthers, .killedWaiter, .earlyValue, .nested, .stoppedReactor, .failingWaiter,
            .idleReactor, .pausedWrite:
            true
        case .alreadyFired, .foreignWakeUp, .twoWaiters, .chain, .lost, .cycle, .synchronousFrame, .foreignThread,
            .killedCallback, .blockTrap, .waitingMain:
            false
        }
    }

    /// Runs the program on a scheduler, which must not be running, and returns how it ended.
    public func outcome(_ style: WaitStyle, on scheduler: any Scheduler) -> DeadlockOutcome {
        do { return .value(try scheduler.run { try await program(style) }) } catch { return DeadlockOutcome(error) }
    }

    /// What main does; returns what it has found.
    private func program(_ style: WaitStyle) async throws -> String {
        switch self {
        case .alreadyFired: try await Self.alreadyFired(style)
        case .onReactor: try await Self.onReactor(style, besides: 0)
        case .onReactorBesideOthers: try await Self.onReactor(style, besides: 100)
        case .killedWaiter: try await Self.killedWaiter(style)
        case .earlyValue: try await Self.earlyValue(style)
        case .nested: try await Self.nested(style)
        case .foreignWakeUp: try await Self.foreignWakeUp(style)
        case .twoWaiters: try await Self.twoWaiters(style)
        case .chain: try await Self.chain(style)
        case .lost: try await Self.lost(style)
        case .stoppedReactor: try await Self.stoppedReactor(style)
        case .cycle: try await Self.cycle(style)
        case .synchronousFrame: try await Self.synchronousFrame(style)
        case .foreignThread: try await Self.foreignThread(style)
        case .failingWaiter: try await Self.failingWaiter(style)
        case .killedCallback: try await Self.killedCallback(style)
        case .idleReactor: try await Self.idleReactor(style)
        case .pausedWrite: try await Self.pausedWrite(style)
        case .blockTrap: try await Self.blockTrap(style)
        case .waitingMain: try await Self.waitingMain(style)
        }
    }
}
