// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// The beginnings of a tasklet's life. With the lock held, where there is one.
extension UnsafeMutablePointer<SchedulerState> {
    /// Makes a new tasklet runnable, after all that are.
    func insertNew(_ node: NodePointer) {
        addNew(node)
        node.pointee.state = .ready
        makeReady(node)
    }

    /// Adds a new tasklet, paused, to those that are alive.
    func addNew(_ node: NodePointer) {
        node.pointee.nextAlive = pointee.alive
        pointee.alive?.pointee.previousAlive = node
        pointee.alive = node
        pointee.aliveCount &+= 1
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

/// A tasklet's end. All with the lock held, where there is one.
extension SchedulerCore {
    package func makeReady(_ node: NodePointer) { state.makeReady(node) }

    /// Takes a tasklet that waits for its turn out of the ring.
    ///
    /// Returns whether that could be done: where every tasklet has a thread, whoever is runnable runs.
    func unready(_ node: NodePointer) -> Bool {
        if state.pointee.isOrdered {
            state.remove(node)
            return true
        }
        guard node.pointee.resumption != .kernel, strategy.unready(node) else { return false }
        state.leaveRing(node)
        return true
    }

    /// A tasklet has left the processor: whoever gave way to it until then goes on.
    ///
    /// On an unordered scheduler.
    func wakeWatchers(of node: NodePointer) {
        var next = node.pointee.waiters.first
        while let waiter = next {
            next = waiter.pointee.next
            guard waiter.pointee.state == .watching else { continue }
            node.pointee.waiters.remove(waiter)
            state.pointee.watchingCount -= 1
            insert(waiter)
        }
    }

    /// A tasklet's body is over, with this error or none.
    ///
    /// Called by its own task; the processor is still its own. On an unordered scheduler, returns with the lock held.
    func finish(_ node: NodePointer, _ failure: (any Error)?) {
        let failure = uncaught(failure, of: node)
        state.pointee.lock?.lock()
        if !state.pointee.isOrdered {
            claim(node)
            giveUpClaim()
            started[node.pointee.task] = nil
        }
        end(node, failure)
        sw_set_current(nil)
    }

    /// What is left of an error that a tasklet ended with.
    private func uncaught(_ failure: (any Error)?, of node: NodePointer) -> (any Error)? {
        guard let failure, !(failure is TaskletExit) else { return nil }
        return handle(failure, of: node)
    }

    /// A tasklet that could not even be started.
    ///
    /// With the lock held.
    package func failToStart(_ node: NodePointer, _ failure: any Error) {
        guard node.pointee.tellsSpawner else { return end(node, failure) }
        node.pointee.interruption = failure
        end(node, nil)
    }

    private func end(_ node: NodePointer, _ failure: (any Error)?) {
        node.pointee.state = .ended
        // Before those who gave way to it go on: the error may be for them.
        if let failure { report(failure) }
        while let waiter = node.pointee.waiters.popFirst() {
            if waiter.pointee.state == .watching { state.pointee.watchingCount -= 1 }
            insert(waiter)
        }
        if node.pointee.blockTrap { state.pointee.blockTrapCount -= 1 }
        unlinkAlive(node)
        state.leaveRing(node)
        if node == state.pointee.main { state.pointee.main = nil }
        // An error was on its way to it, and it has ended without another suspension.
        if node.pointee.awaitsInterruption { reportLate(node.takeInterruption()) }
        wakeIfLast()
        if state.pointee.current != nil || !state.pointee.isOrdered {
            state.pointee.tally.count(.end, Mechanism(state.pointee.switching))
            if !state.pointee.specialCases.isEmpty { notifyScheduleCallback(node) }
        }
        resolveStallIfUnordered()
        node.reference.release()
    }

    private func reportLate(_ failure: any Error) {
        if !(failure is TaskletExit) { report(failure) }
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
