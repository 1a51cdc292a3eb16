// SPDX-License-Identifier: Apache-2.0

/// Waking a tasklet by something else than what it waits for: an error, or a deadline. With the lock held.
extension UnsafeMutablePointer<SchedulerState> {
    /// Throws an error into a tasklet, at its suspension.
    ///
    /// A waiting or paused tasklet becomes runnable, and leaves the queues that it waits in; one that the runtime has
    /// suspended, or that runs on another thread, throws at its next suspension. An error that was on its way already
    /// is replaced.
    func interrupt(_ node: NodePointer, with error: any Error) {
        node.pointee.isEndedByClosing = false
        switch node.pointee.state {
        case .ended, .proxy, .outstanding: return
        case .ready where node.throwsWhereParked:
            node.pointee.interruption = error
            node.pointee.isInterrupted = true
        case .ready, .running, .suspended:
            node.pointee.interruption = error
            if node.pointee.hasPendingInterruption { return }
            node.pointee.hasPendingInterruption = true
            pointee.pendingInterruptions += 1
        case .paused, .blocked, .selecting, .awaiting, .performing, .sleeping, .joining, .deferring:
            node.detach()
            node.pointee.interruption = error
            node.pointee.isInterrupted = true
            makeReady(node)
        }
    }

    /// An error that no tasklet caught goes to the innermost ``Tasklet/runAll(budget:)``, or else to main, ahead of all
    /// runnable tasklets; where main has ended, to the caller of `run`.
    ///
    /// Semantics: Stackless/core/scheduling.c, tasklet_end.
    func report(_ failure: any Error) {
        guard let target = pointee.watchdogs.innermost ?? pointee.roster.main, target.pointee.interruption == nil else {
            return pointee.runEnd.keep(failure)
        }
        interrupt(target, with: failure)
        // The others keep their places, and run after it.
        if pointee.concurrent == nil, target.pointee.state == .ready { pointee.runQueue.current = target }
    }
}

extension UnsafeMutablePointer<Node> {
    /// Takes the tasklet out of every queue that it waits in.
    func detach() {
        withdraw()
        // After the channel, which counts waiters with a deadline.
        if pointee.timer.isSet { disarm() }
    }

    private func withdraw() {
        switch pointee.state {
        case .blocked: channel?.withdraw(self)
        case .selecting: selection?.withdraw()
        case .awaiting: cancelOneShotWait()
        case .performing, .outstanding: cancelOperation()
        case .joining: other?.pointee.waiters.remove(self)
        case .deferring:
            other?.pointee.waiters.remove(self)
            pointee.owner.pointee.concurrent?._withUnsafeGuaranteedRef { $0.stopDeferring() }
        case .paused, .ready, .running, .proxy, .sleeping, .suspended, .ended: break
        }
    }

    /// Whether a runnable tasklet still looks at its interruption before it continues.
    ///
    /// One that the runtime resumes does not; and a thread that was woken may have done so already, unless it waits for
    /// its turn.
    fileprivate var throwsWhereParked: Bool {
        switch pointee.resumption {
        case .job: false
        case .kernel: pointee.owner.pointee.concurrent == nil
        case .fresh, .soft, .hard, .slice, .continuation: pointee.owner.pointee.switching != .kernel
        }
    }

    /// The error to throw where the tasklet was parked.
    ///
    /// Without the lock, which this takes: a tasklet on another thread may be throwing another error.
    @usableFromInline package func takeInterruption() -> any Error {
        pointee.owner.withLock {
            pointee.isInterrupted = false
            if pointee.hasPendingInterruption {
                pointee.hasPendingInterruption = false
                pointee.owner.pointee.pendingInterruptions -= 1
            }
            guard let error = pointee.interruption else { preconditionFailure("interrupted without an error") }
            pointee.interruption = nil
            return error
        }
    }

    // MARK: Deadlines

    /// Gives the tasklet, which is about to wait, a deadline; ``arm()`` follows once it is certain to park.
    func setDeadline(_ deadline: Deadline) {
        pointee.timer.deadline = deadline
        pointee.timer.isSet = true
        pointee.owner.pointee.waits.deadlines += 1
    }

    /// Tells the driver of a deadline that was set, unless a callback has woken the tasklet as it left the processor.
    func arm() {
        if pointee.timer.isSet { withDriver { $0.arm(self) } }
    }

    /// Undoes ``setDeadline(_:)``.
    func disarm() {
        withDriver { $0.disarm(self) }
        clearDeadline()
    }

    /// The tasklet's deadline has come, and its timer is off: it is runnable.
    ///
    /// Called by the driver.
    package func deadlineExpired() {
        let isOutstanding = pointee.state == .outstanding
        expire()
        if isOutstanding { becomeDue() } else { pointee.owner.makeReady(self) }
    }

    /// The same for a tasklet whose own thread has reached the deadline and keeps running.
    func expire() {
        withdraw()
        clearDeadline()
        pointee.hasTimedOut = true
    }

    private func clearDeadline() {
        pointee.timer.isSet = false
        pointee.owner.pointee.waits.deadlines -= 1
    }

    /// Without counting references to the core, which costs as much as the timer does, and which outlives its state.
    @inline(__always) private func withDriver(_ body: (any Driver) -> Void) {
        Unmanaged.passUnretained(pointee.owner.pointee.core)._withUnsafeGuaranteedRef { body($0.driver) }
    }
}
