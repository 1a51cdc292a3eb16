// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// The beginning and the end of a tasklet's life. With the lock held.
extension UnsafeMutablePointer<SchedulerState> {
    /// Adds a new tasklet to the roster, and makes it runnable after all that are.
    @inline(__always) func insertNew(_ node: NodePointer) {
        pointee.roster.add(node)
        makeReady(node)
    }

    /// A tasklet's body has returned, or thrown `failure`.
    ///
    /// Called by its own task, which still has the processor, without the lock; returns with the lock held.
    func finish(_ node: NodePointer, _ failure: (any Error)?) {
        let failure = unhandled(failure, of: node)
        pointee.lock.lock()
        pointee.concurrent?._withUnsafeGuaranteedRef { $0.willEnd(node) }
        end(node, failure)
        // Before the node may be freed: a profiler's signal handler reads it.
        sw_set_current(nil)
        node.reference.release()
    }

    /// What the error handler leaves of an error that a tasklet has not caught.
    fileprivate func unhandled(_ failure: (any Error)?, of node: NodePointer) -> (any Error)? {
        guard let failure, !(failure is TaskletExit) else { return nil }
        return callErrorHandler(failure, of: node)
    }

    /// The driver has nothing to run a tasklet on.
    package func failToStart(_ node: NodePointer, _ failure: any Error) {
        if node.pointee.reportsStartFailure { node.pointee.interruption = failure }
        end(node, node.pointee.reportsStartFailure ? nil : failure)
        node.reference.release()
    }

    /// The caller then gives up the scheduler's reference to the tasklet.
    private func end(_ node: NodePointer, _ failure: (any Error)?) {
        node.pointee.state = .ended
        // Before its waiters continue: the error may be for one of them.
        if let failure { report(failure) }
        while let waiter = node.pointee.waiters.popFirst() {
            if waiter.pointee.state == .deferring {
                pointee.concurrent?._withUnsafeGuaranteedRef { $0.stopDeferring() }
            }
            makeReady(waiter)
        }
        if node.pointee.blockTrap { pointee.blockTrapCount -= 1 }
        pointee.roster.remove(node)
        freeSlice(of: node)
        leaveRunQueue(node)
        // An error was on its way, and the tasklet has ended without another suspension.
        if node.pointee.hasPendingInterruption { reportLate(node.takeInterruption()) }
        leaveForGood(node)
    }

    private func reportLate(_ failure: any Error) {
        if !(failure is TaskletExit) { report(failure) }
    }

    /// The last switch of a tasklet: to the current one of the run queue, where there is one.
    @inline(__always) private func leaveForGood(_ node: NodePointer) {
        if pointee.runQueue.current == nil { return leaveRunQueueEmpty(node) }
        countEnd(of: node)
    }

    @inline(never) private func leaveRunQueueEmpty(_ node: NodePointer) {
        if let concurrent = pointee.concurrent {
            countEnd(of: node)
            concurrent._withUnsafeGuaranteedRef {
                $0.resolveStallIfIdle()
                $0.didEnd(node)
            }
        } else {
            // Before it makes others ready.
            if isTraced { traceEnd(node) }
            resolveStallIfLast()
            guard pointee.runQueue.current != nil else { return }
            pointee.switchTally.add(.end, pointee.switching)
            notifyScheduleCallback(node)
        }
    }

    private func countEnd(of node: NodePointer) {
        pointee.switchTally.add(.end, pointee.switching)
        if !pointee.specialCases.isDisjoint(with: [.concurrent, .callback, .traced]) { observeEnd(of: node) }
    }

    /// What others see of the last switch.
    @inline(never) private func observeEnd(of node: NodePointer) {
        if isTraced { traceEnd(node) }
        notifyScheduleCallback(node)
    }
}

extension Tasklet {
    /// Reports an error that the calling tasklet has not caught, and goes on: to the error handler, or else to main.
    ///
    /// ``TaskletExit`` is nobody's error, and is dropped. Traps outside any tasklet.
    package static func reportUncaught(_ failure: any Error) {
        let node = callingNode
        let state = node.pointee.owner
        guard let failure = state.unhandled(failure, of: node) else { return }
        state.withLock {
            // The reporter keeps its turn.
            let current = state.pointee.runQueue.current
            state.report(failure)
            if current != nil { state.pointee.runQueue.current = current }
        }
    }
}
