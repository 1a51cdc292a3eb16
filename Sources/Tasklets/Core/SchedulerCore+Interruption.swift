// SPDX-License-Identifier: Apache-2.0

/// Waking a tasklet by something else than what it waits for: a deadline, an error. All with the lock held, where there
/// is one.
extension SchedulerCore {
    /// Has an error thrown where a tasklet is suspended.
    ///
    /// A waiting or paused one becomes runnable, with the channels' balances put right; one that the runtime has
    /// suspended, or that runs on another thread, throws at its next suspension. An error that was on its way already
    /// is replaced.
    func interrupt(_ node: NodePointer, with error: any Error) {
        switch node.pointee.state {
        case .ended, .proxy: return
        case .ready where node.throwsWhereItIsParked:
            node.pointee.interruption = error
            node.pointee.isInterrupted = true
        case .ready, .running, .external:
            node.pointee.interruption = error
            if node.pointee.awaitsInterruption { return }
            node.pointee.awaitsInterruption = true
            state.pointee.awaitedInterruptions += 1
        case .paused, .blocked, .selecting, .awaiting, .performing, .sleeping, .joining, .watching:
            detach(node)
            node.pointee.interruption = error
            node.pointee.isInterrupted = true
            node.pointee.state = .ready
            makeReady(node)
        }
    }

    /// Takes a tasklet out of whatever it waits for.
    func detach(_ node: NodePointer) {
        withdraw(node)
        // After the channel, which counts those with a deadline.
        if node.pointee.hasDeadline { state.disarm(node) }
    }

    private func withdraw(_ node: NodePointer) {
        switch node.pointee.state {
        case .blocked: node.channel?.withdraw(node)
        case .selecting: node.selection?.withdraw()
        case .awaiting: cancelAwaiting(node)
        case .performing: cancelOperation(node)
        case .joining: node.other?.pointee.waiters.remove(node)
        case .watching:
            node.other?.pointee.waiters.remove(node)
            state.pointee.watchingCount -= 1
        case .paused, .ready, .running, .proxy, .sleeping, .external, .ended: break
        }
    }

    // MARK: Deadlines

    /// A tasklet's deadline has come, and its timer is off.
    ///
    /// Called by the strategy.
    package func wake(_ node: NodePointer) {
        expire(node)
        node.pointee.state = .ready
        makeReady(node)
    }

    func expire(_ node: NodePointer) {
        withdraw(node)
        state.clearDeadline(node)
        node.pointee.hasTimedOut = true
    }

    // MARK: Errors that no tasklet caught

    /// An error that no tasklet caught goes to the innermost ``Tasklet/runAll(budget:)``, or else to main, at once, ahead
    /// of all that are runnable; where main has ended, to the caller of `run`.
    ///
    /// Semantics: Stackless/core/scheduling.c, tasklet_end.
    func report(_ failure: any Error) {
        guard let target = watchdogs.last?.node ?? state.pointee.main, target.pointee.interruption == nil else {
            return note(failure)
        }
        interrupt(target, with: failure)
        // In the ring, others keep their places: they go on after the target.
        if state.pointee.isOrdered, target.pointee.state == .ready { state.pointee.current = target }
    }

    func note(_ failure: any Error) {
        if uncaught == nil { uncaught = failure }
    }
}

extension UnsafeMutablePointer<Node> {
    /// Whether a runnable tasklet still looks at its interruption before it goes on.
    ///
    /// One that the runtime brings back does not; and one whose thread was woken may have done so already, unless that
    /// thread waits for its turn, as on an ordered scheduler.
    fileprivate var throwsWhereItIsParked: Bool {
        switch pointee.resumption {
        case .job: false
        case .kernel: pointee.owner.pointee.isOrdered
        case .fresh, .soft, .hard, .continuation: pointee.owner.pointee.switching != .kernel
        }
    }
}

/// Deadlines of tasklets that wait.
extension UnsafeMutablePointer<SchedulerState> {
    /// Gives a tasklet, which is about to wait, a deadline; the strategy is to be told when the tasklet is known to park.
    func setDeadline(_ deadline: Deadline, of node: NodePointer) {
        node.pointee.deadline = deadline
        node.pointee.hasDeadline = true
        pointee.deadlineCount += 1
    }

    /// Tells the strategy of a deadline that was set, unless a callback has woken the tasklet as it left the processor.
    func arm(_ node: NodePointer) {
        if node.pointee.hasDeadline { withStrategy { $0.arm(node) } }
    }

    /// Takes ``setDeadline(_:of:)`` back.
    func disarm(_ node: NodePointer) {
        withStrategy { $0.disarm(node) }
        clearDeadline(node)
    }

    fileprivate func clearDeadline(_ node: NodePointer) {
        node.pointee.hasDeadline = false
        pointee.deadlineCount -= 1
    }

    /// Without counting references to the core, which costs as much as the timer does, and which outlives its state.
    @inline(__always) private func withStrategy(_ body: (any Strategy) -> Void) {
        Unmanaged.passUnretained(pointee.core)._withUnsafeGuaranteedRef { body($0.strategy) }
    }
}
