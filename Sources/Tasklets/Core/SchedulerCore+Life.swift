// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// The beginnings of a tasklet's life. With the lock held, where there is one.
extension UnsafeMutablePointer<SchedulerState> {
    /// Makes a new tasklet runnable, after all that are.
    func insertNew(_ node: NodePointer) {
        node.pointee.state = .ready
        node.pointee.nextAlive = pointee.alive
        pointee.alive?.pointee.previousAlive = node
        pointee.alive = node
        pointee.aliveCount &+= 1
        makeReady(node)
    }

    func nextID() -> UInt64 {
        pointee.lastID &+= 1
        return pointee.lastID
    }

    /// Gives a tasklet, whose state says so already, a turn after all that are runnable.
    func makeReady(_ node: NodePointer) {
        if pointee.isOrdered { return append(node) }
        pointee.ringCount += 1
        pointee.core.strategy.ready(node)
    }
}

/// A tasklet's life: woken, interrupted, ended. All with the lock held, where there is one.
extension SchedulerCore {
    package func makeReady(_ node: NodePointer) { state.makeReady(node) }

    /// A sleeper's deadline has come.
    ///
    /// Called by the strategy.
    package func wake(_ node: NodePointer) {
        state.pointee.sleepingCount -= 1
        node.pointee.state = .ready
        makeReady(node)
    }

    /// A tasklet's body is over, with this error or none.
    ///
    /// Called by its own task; the processor is still its own. On an unordered scheduler, returns with the lock held.
    func finish(_ node: NodePointer, _ failure: (any Error)?) {
        state.pointee.lock?.lock()
        if !state.pointee.isOrdered {
            claim(node)
            giveUpClaim()
            started[node.pointee.task] = nil
        }
        sw_set_current(nil)
        end(node, failure)
    }

    /// A tasklet that could not even be started.
    ///
    /// With the lock held.
    package func failToStart(_ node: NodePointer, _ failure: any Error) { end(node, failure) }

    private func end(_ node: NodePointer, _ failure: (any Error)?) {
        node.pointee.state = .ended
        while let joiner = node.pointee.joiners.popFirst() {
            joiner.pointee.joined = nil
            joiner.pointee.state = .ready
            makeReady(joiner)
        }
        unlinkAlive(node)
        state.leaveRing(node)
        if node == state.pointee.main {
            mainEnded(node)
        } else if let failure, !(failure is TaskletExit) {
            report(failure)
        }
        if state.pointee.current != nil || !state.pointee.isOrdered {
            state.pointee.tally.count(.end, Mechanism(state.pointee.switching))
        }
        resolveStallIfUnordered()
        node.reference.release()
    }

    private func unlinkAlive(_ node: NodePointer) {
        let next = node.pointee.nextAlive
        let previous = node.pointee.previousAlive
        next?.pointee.previousAlive = previous
        if let previous { previous.pointee.nextAlive = next } else { state.pointee.alive = next }
        node.pointee.nextAlive = nil
        node.pointee.previousAlive = nil
        state.pointee.aliveCount -= 1
    }

    private func mainEnded(_ node: NodePointer) {
        state.pointee.main = nil
        guard node.pointee.awaitsInterruption else { return }
        // An error was on its way to main, which ended without another suspension.
        note(node.takeInterruption())
    }

    /// An error that no tasklet caught goes to main, at once, ahead of all that are runnable; where main has ended, to
    /// the caller of `run`.
    private func report(_ failure: any Error) {
        guard let main = state.pointee.main, main.pointee.interruption == nil else { return note(failure) }
        interrupt(main, with: failure)
        guard state.pointee.isOrdered, main.pointee.state == .ready, state.pointee.current != main else { return }
        state.remove(main)
        state.append(main)
        state.pointee.current = main
    }

    private func note(_ failure: any Error) {
        if uncaught == nil { uncaught = failure }
    }

    /// Has an error thrown where a tasklet is suspended.
    ///
    /// A waiting one is taken out of what it waits for and becomes runnable; one that the runtime has suspended, or
    /// that runs on another thread, throws at its next suspension.
    func interrupt(_ node: NodePointer, with error: any Error) {
        node.pointee.interruption = error
        switch node.pointee.state {
        case .blocked: node.pointee.channel?.withdraw(node)
        case .sleeping:
            strategy.disarm(node)
            state.pointee.sleepingCount -= 1
        case .joining: node.pointee.joined?.pointee.joiners.remove(node)
        // Its turn will come, at the suspension that it is in, unless that is the runtime's.
        case .ready where state.pointee.isOrdered && node.pointee.resumption != .job:
            return node.pointee.isInterrupted = true
        case .ended: return
        case .paused, .ready, .running, .external:
            if node.pointee.awaitsInterruption { return }
            node.pointee.awaitsInterruption = true
            state.pointee.awaitedInterruptions += 1
            return
        }
        node.pointee.isInterrupted = true
        node.pointee.state = .ready
        makeReady(node)
    }
}

extension Mechanism {
    @inline(__always) init(_ switching: Switching) {
        switch switching {
        case .soft: self = .soft
        case .hard: self = .hard
        case .continuation: self = .continuation
        case .kernel: self = .kernel
        }
    }
}
