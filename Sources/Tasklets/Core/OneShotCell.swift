// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// The part of a one-shot value that does not depend on its type: whether it is there, and who waits for it.
///
/// It has a lock of its own, since it belongs to no scheduler. Where both are needed, a scheduler's lock is taken before
/// a cell's.
///
/// The races, from both sides. A tasklet that is about to wait looks whether the value is there, leaves the ring and
/// enters the queue with the cell's lock held: whoever settles the cell either comes before, and the tasklet does not
/// wait, or after, and finds it in the queue. Whoever settles it takes everybody out of the queue with the lock held,
/// and sends each a wake-up, which reaches the tasklet in its scheduler's own order, and so not before it has parked.
/// A tasklet that something else wakes takes itself out of the queue; when it is not there any more, a wake-up is on
/// its way, and will be too late: that is counted, and the next wake-up ignored. Should two be on their way by then, it
/// does not matter which of them is.
final class OneShotCell: Sendable {
    private let content = Guarded(Content())

    private struct Content {
        var isSettled = false
        var waiters = WaitQueue()
    }

    /// Settles the cell, once: calls `store`, and sends everybody who waits a wake-up.
    ///
    /// From any thread.
    func settle(_ store: () -> Void) {
        let waiters: [Tasklet] = content.withLock { content in
            guard !content.isSettled else { return [] }
            store()
            content.isSettled = true
            var waiters: [Tasklet] = []
            while let node = content.waiters.popFirst() {
                node.pointee.isWakeUpComing = true
                waiters.append(node.object)
            }
            return waiters
        }
        for tasklet in waiters { tasklet.owner.pointee.core.sendWakeUp(to: tasklet) }
    }

    var isSettled: Bool { content.withLock { $0.isSettled } }

    /// Adds a tasklet to those that wait, unless the value is there; `leave` takes it out of the ring before.
    ///
    /// In the tasklet's scheduler's order.
    func enqueue(_ node: NodePointer, leave: () -> Void) -> Bool {
        content.withLock { content in
            guard !content.isSettled else { return false }
            leave()
            node.pointee.isWakeUpComing = false
            content.waiters.append(node)
            return true
        }
    }

    /// Something else wakes a tasklet that waits here.
    ///
    /// In its scheduler's order.
    func cancel(_ node: NodePointer) {
        content.withLock { content in
            if node.pointee.isWakeUpComing {
                node.pointee.isWakeUpComing = false
                node.pointee.lateWakeUps += 1
            } else {
                content.waiters.remove(node)
            }
        }
    }
}

extension SchedulerCore {
    /// From any thread.
    ///
    /// Where the tasklet itself does it, in a callback that is called as it leaves the processor, it is woken when it has
    /// left it.
    fileprivate func sendWakeUp(to tasklet: Tasklet) {
        if !isOrdered {
            // A callback is called with its scheduler's lock held; two that took each other's would wait for ever.
            let isInCallback = SchedulerCore.currentNode()?.pointee.isInCallback ?? false
            if isInCallback || !wakeUnlessLeaving(tasklet.node) {
                Task.detached { self.withLock { self.wakeAwaiting(tasklet.node) } }
            }
        } else if sw_scheduler() != identity || !wakeUnlessLeaving(tasklet.node) {
            inject(.wakeUp(tasklet))
        }
    }

    private func wakeUnlessLeaving(_ node: NodePointer) -> Bool {
        withLock {
            if node.pointee.isInCallback { return false }
            wakeAwaiting(node)
            return true
        }
    }

    /// A wake-up has arrived.
    ///
    /// With the lock held, where there is one.
    func wakeAwaiting(_ node: NodePointer) {
        guard node.pointee.lateWakeUps == 0 else { return node.pointee.lateWakeUps -= 1 }
        if node.pointee.hasDeadline { state.disarm(node) }
        state.pointee.awaitingCount -= 1
        insert(node)
    }

    /// Something else wakes a tasklet that waits for a value.
    func cancelAwaiting(_ node: NodePointer) {
        guard let awaited = node.pointee.awaited else { return }
        Unmanaged<OneShotCell>.fromOpaque(awaited)._withUnsafeGuaranteedRef { $0.cancel(node) }
        state.pointee.awaitingCount -= 1
    }
}

extension UnsafeMutablePointer<Node> {
    /// Waits for a cell to be settled, until a deadline at most; the caller keeps the cell alive.
    ///
    /// Returns nil, with the lock released, when there is nothing to wait for.
    func wait(for cell: OneShotCell, until deadline: Deadline, _ manner: Manner) throws -> Departure? {
        let state = pointee.owner
        state.pointee.lock?.lock()
        let isMissing = try state.unlockingOnError { try mustWait(for: cell, until: deadline) }
        let hasParked = isMissing && cell.enqueue(self) { state.leaveRing(self) }
        guard hasParked else {
            state.pointee.noSwitch &+= 1
            state.pointee.lock?.unlock()
            return nil
        }
        pointee.state = .awaiting
        pointee.awaited = Unmanaged.passUnretained(cell).toOpaque()
        pointee.hasTimedOut = false
        state.pointee.awaitingCount += 1
        if deadline != .never { state.setDeadline(deadline, of: self) }
        let departure = state.depart(self, .oneShot, manner)
        state.arm(self)
        return departure
    }

    private func mustWait(for cell: OneShotCell, until deadline: Deadline) throws -> Bool {
        let core = pointee.owner.pointee.core
        try core.refuseInCallback(self)
        if cell.isSettled || !deadline.isToCome { return false }
        try core.checkBlockTrap(self)
        try core.willSuspend(self)
        return true
    }
}
