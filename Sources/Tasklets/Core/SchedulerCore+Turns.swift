// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// Running an ordered scheduler one turn at a time, for a strategy that does not own a loop.
extension SchedulerCore {
    /// What there is to do after a turn.
    package enum Outlook: Sendable {
        /// Somebody is ready: another turn is due.
        case ready
        /// Nobody is ready, but somebody may become so.
        case waiting
        /// All have ended.
        case finished
    }

    /// Gives the processor to whoever's turn it is, on the calling thread, until it leaves it.
    ///
    /// Turns must not overlap.
    package func takeTurn() -> Outlook { withoutAccesses { takeTurnToItsEnd() } }

    private func takeTurnToItsEnd() -> Outlook {
        let outer = enterThread()
        defer { leaveThread(outer) }
        takeInjected()
        runJobs()
        strategy.poll(self)
        if let node = state.pointee.current { give(node) }
        return outlook()
    }

    private func give(_ node: NodePointer) {
        nonisolated(unsafe) let node = node
        guard parksWorkersSoftly else {
            execute(node)
            return settle()
        }
        // What was parked softly needs a job below it.
        inNewJob {
            self.execute(node)
            self.settle()
        }
    }

    private func outlook() -> Outlook {
        while true {
            if isFinished {
                endWorkers()
                return .finished
            }
            if state.pointee.current != nil || !jobs.isEmpty { return .ready }
            if canStillWake { return hasInjectedJobs ? .ready : .waiting }
            resolveStall()
        }
    }

    /// What a thread has to remember while it runs tasklets of this scheduler.
    package struct Outer {
        fileprivate var scheduler: UnsafeMutableRawPointer?
        fileprivate var current: UnsafeMutableRawPointer?
    }

    func enterThread() -> Outer {
        let outer = Outer(scheduler: sw_scheduler(), current: sw_current())
        sw_set_scheduler(identity)
        sw_set_current(nil)
        return outer
    }

    func leaveThread(_ outer: Outer) {
        sw_set_scheduler(outer.scheduler)
        sw_set_current(outer.current)
    }

    /// A thread that had lent the scheduler to another, or borrowed it, goes on with this tasklet, or with none.
    package func continueOnThisThread(with node: NodePointer?) {
        sw_set_current(node)
        node?.pointee.state = .running
    }
}
