// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Deadlocks: when nothing is runnable and nothing can make anything so.
///
/// As in Stackless, the last runnable tasklet that tries to block while main waits is refused; when it ends instead,
/// main is interrupted. When main has ended, whoever is left is reported to the caller of `run`, and killed, so that
/// `defer`s run.
extension SchedulerCore {
    /// Something outside the ring may make a tasklet runnable.
    package var canStillWake: Bool {
        state.pointee.deadlineCount > 0 || state.pointee.operationCount > 0 || state.pointee.awaitingCount > 0
            || state.pointee.externalCount > 0
            || !jobs.isEmpty || hasInjected.load(ordering: .relaxed)
    }

    /// Nothing is ready and nothing can wake: whoever runs all others goes on, or else main does, with an error if it
    /// waits; where main has ended, those left are killed, or all is over.
    package func resolveStall() {
        if let watchdog = watchdogs.last {
            insert(watchdog.node)
        } else if let main = state.pointee.main {
            resume(main)
        } else if state.pointee.aliveCount > 0, killings < Self.mostKillings || !isHomeFree {
            killThoseLeft()
        } else {
            isFinished = true
            strategy.finished()
        }
    }

    /// The tasklet that leaves the processor was the last: on an ordered scheduler, whoever goes on then is known at once,
    /// and switched to, unless somebody else may still be woken.
    func wakeIfLast() {
        guard isOrdered, state.pointee.current == nil, !canStillWake else { return }
        if !watchdogs.isEmpty || state.pointee.main != nil { resolveStall() }
    }

    private func resume(_ main: NodePointer) {
        if main.pointee.state == .paused { return insert(main) }
        interrupt(main, with: main.pointee.interruption ?? deadlock(mainWaits(main), blocked: blockedNow))
    }

    /// On an unordered scheduler there is no loop that would notice: whoever was the last to leave the processor does.
    ///
    /// To be called with the lock held, when whoever left can be woken.
    package func resolveStallIfUnordered() {
        guard !state.pointee.isOrdered, !isFinished, state.pointee.ringCount == 0, !canStillWake else { return }
        resolveStall()
    }

    private func mainWaits(_ main: NodePointer) -> String {
        switch main.pointee.direction {
        case _ where main.pointee.state != .blocked:
            return "Deadlock: main is waiting for a tasklet that nobody can wake"
        case Direction.send.rawValue:
            return "Deadlock: main is sending without a receiver"
        default:
            return "Deadlock: main is receiving without a sender"
        }
    }

    /// A tasklet may catch its death and wait again, and is killed again; one that never ends is given up.
    private static var mostKillings: Int { 100 }

    /// Throws `TaskletExit` into everyone that is left, and remembers who they were.
    private func killThoseLeft() {
        let blocked = blockedNow
        if finalDeadlock == nil, !blocked.isEmpty {
            finalDeadlock = deadlock(
                "Deadlock: main has ended, and nothing can wake the tasklets left",
                blocked: blocked
            )
        }
        killings += 1
        for node in aliveNodes { interrupt(node, with: TaskletExit()) }
    }

    private func deadlock(_ message: String, blocked: [BlockedTasklet]) -> SchedulerError {
        SchedulerError(.deadlock, message, blocked: blocked)
    }
}

extension SchedulerError {
    static func unknownRuntime() -> SchedulerError {
        SchedulerError(
            .unsupported,
            "this Swift runtime is not one whose thread state can be switched; synchronous code cannot wait in a tasklet"
        )
    }

    static func noStack() -> SchedulerError {
        shortage(
            "no stack is to be had for another tasklet that blocks hard; raise vm.max_map_count or run fewer of them"
        )
    }
}
