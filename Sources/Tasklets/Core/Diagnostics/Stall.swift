// SPDX-License-Identifier: Apache-2.0

/// How a run ends: what its caller is to be told.
struct RunEnd {
    /// Main has ended, and so have all others.
    var isFinished = false
    /// The first error that no tasklet caught and that main could not be given.
    private(set) var uncaught: (any Error)?
    /// Found when main had ended and others could not continue.
    fileprivate(set) var deadlock: SchedulerError?
    /// Says which tasklets would not end; nil where all have.
    fileprivate(set) var givenUp: String?
    /// How often the remaining tasklets have been killed.
    fileprivate var killRounds = 0

    /// A tasklet may catch its death and wait again, and is killed again; one that never ends is given up.
    fileprivate static let maximumKillRounds = 100

    mutating func dropErrors() { (uncaught, deadlock) = (nil, nil) }

    mutating func keep(_ failure: any Error) {
        if uncaught == nil { uncaught = failure }
    }
}

/// Stalls: nothing is runnable, and nothing can make a tasklet so.
///
/// As in Stackless, the last runnable tasklet that tries to block while main waits is refused; when it ends instead,
/// main is interrupted. When main has ended, the remaining tasklets are reported to the caller of `run`, and killed, so
/// that their `defer`s run. With the lock held.
extension UnsafeMutablePointer<SchedulerState> {
    /// Makes the innermost tasklet in `runAll` runnable, or else main, with an error if it waits; where main has ended,
    /// kills the remaining tasklets, or finishes the run.
    func resolveStall() {
        if let watchdog = pointee.watchdogs.innermost {
            makeReady(watchdog)
        } else if let main = pointee.roster.main {
            resume(main)
        } else if pointee.roster.count > 0, pointee.runEnd.killRounds < RunEnd.maximumKillRounds {
            killRemaining()
        } else {
            if pointee.roster.count > 0 { giveUpRemaining() }
            pointee.runEnd.isFinished = true
            runner.finish()
        }
    }

    /// The running tasklet leaves the processor, and was the last: on an ordered scheduler, what runs next is decided
    /// at once, so that it is switched to, unless something may still wake another tasklet.
    func resolveStallIfLast() {
        guard pointee.runQueue.current == nil, pointee.concurrent == nil, !canStillWake else { return }
        if !pointee.watchdogs.isEmpty || pointee.roster.main != nil { resolveStall() }
    }

    private func resume(_ main: NodePointer) {
        if main.pointee.state == .paused { return makeReady(main) }
        interrupt(main, with: main.pointee.interruption ?? deadlock(waiting(main), BlockedReport(self).tasklets))
    }

    private func waiting(_ main: NodePointer) -> String {
        switch main.pointee.direction {
        case _ where main.pointee.state == .awaiting:
            return "Deadlock: main is waiting for \(main.cell?.label ?? "a value"), which nothing can bring any more"
        case _ where main.pointee.state != .blocked:
            return "Deadlock: main is waiting for a tasklet that nothing can wake"
        case Direction.send.rawValue:
            return "Deadlock: main is sending without a receiver"
        default:
            return "Deadlock: main is receiving without a sender"
        }
    }

    /// Throws `TaskletExit` into every remaining tasklet, and keeps the report of what they waited for.
    private func killRemaining() {
        let blocked = BlockedReport(self).tasklets
        if pointee.runEnd.deadlock == nil, !blocked.isEmpty {
            pointee.runEnd.deadlock = deadlock(
                "Deadlock: main has ended, and nothing can wake the tasklets left",
                blocked
            )
        }
        pointee.runEnd.killRounds += 1
        for node in pointee.roster.nodes { interrupt(node, with: TaskletExit()) }
    }

    /// Tasklets have caught every kill: the error names them, and they never run again.
    ///
    /// Their nodes stay, as do their tasks and stacks, which refer to them.
    private func giveUpRemaining() {
        reportGivenUp()
        for node in pointee.roster.nodes {
            node.detach()
            node.pointee.state = .ended
            if node.pointee.blockTrap { pointee.blockTrapCount -= 1 }
            pointee.roster.giveUp(node)
        }
    }

    private func reportGivenUp() {
        let names = pointee.roster.nodes.prefix(10).map { "\($0.object)" }.joined(separator: ", ")
        let others = pointee.roster.count > 10 ? " and \(pointee.roster.count - 10) others" : ""
        let sentence = "given up after \(RunEnd.maximumKillRounds) kills, all caught: \(names)\(others)"
        if pointee.runEnd.deadlock == nil {
            pointee.runEnd.deadlock = deadlock("Deadlock: main has ended", BlockedReport(self).tasklets)
        }
        pointee.runEnd.deadlock?.message += "; \(sentence)"
        pointee.runEnd.givenUp = sentence
    }

    private func deadlock(_ message: String, _ blocked: [BlockedTasklet]) -> SchedulerError {
        SchedulerError(.deadlock, message, blocked: blocked)
    }
}
