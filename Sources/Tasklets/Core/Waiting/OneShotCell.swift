// SPDX-License-Identifier: Apache-2.0

/// The part of a one-shot value that does not depend on its type: whether it is there, and which tasklets wait for it.
///
/// It has a lock of its own, since it belongs to no scheduler. Where both are needed, a scheduler's lock is taken
/// before a cell's.
///
/// Any thread may complete a cell, so a tasklet that waits for one may still be woken. A cell with a ``purpose`` is
/// completed by a tasklet of its waiter's scheduler, and by nothing else: it does not keep the scheduler from finding
/// a deadlock, and the purpose says in the report what is waited for.
///
/// The races, from both sides. A tasklet that is about to wait checks for the value, leaves the run queue and enters
/// the cell's queue with the cell's lock held: a thread that completes the cell comes either before that, and the
/// tasklet does not wait, or after, and finds it in the queue. The completing thread empties the queue with the lock
/// held and sends each tasklet a wake-up, which arrives in the tasklet's scheduler's own order, and so not before the
/// tasklet has parked. A tasklet that something else wakes takes itself out of the queue; when it is no longer there, a
/// wake-up is on its way and will come too late: that is counted, and the next wake-up ignored. Where two are on their
/// way by then, it does not matter which of them is ignored.
final class OneShotCell: Sendable {
    private let content = Guarded(Content())
    /// What it is for; nil where any thread may complete it.
    let purpose: Purpose?

    init(purpose: Purpose? = nil) { self.purpose = purpose }

    /// What a cell that belongs to a scheduler is for.
    struct Purpose: Sendable {
        /// A noun.
        var kind: StaticString
        var name: String?
    }

    /// What a report calls it; made only for that.
    var label: String {
        guard let purpose else { return "a one-shot value" }
        return purpose.name.map { "\(purpose.kind) '\($0)'" } ?? "a \(purpose.kind)"
    }

    /// Whether nothing but a tasklet of its waiter's scheduler completes it.
    var isSchedulers: Bool { purpose != nil }

    private struct Content {
        var isComplete = false
        var waiters = WaitQueue()
    }

    /// Completes the cell, once: calls `store`, and sends every waiter a wake-up.
    ///
    /// From any thread.
    func complete(_ store: () -> Void) {
        let waiters: [Tasklet] = content.withLock { content in
            guard !content.isComplete else { return [] }
            store()
            content.isComplete = true
            var waiters: [Tasklet] = []
            while let node = content.waiters.popFirst() {
                node.pointee.isWakeUpComing = true
                waiters.append(node.object)
            }
            return waiters
        }
        for tasklet in waiters { tasklet.owner.runner.sendWakeUp(to: tasklet) }
    }

    var isComplete: Bool { content.withLock { $0.isComplete } }

    /// Adds a tasklet to the waiters, unless the value is there; `leave` takes it out of the run queue first.
    ///
    /// In the tasklet's scheduler's order.
    func enqueue(_ node: NodePointer, leave: () -> Void) -> Bool {
        content.withLock { content in
            guard !content.isComplete else { return false }
            leave()
            node.pointee.isWakeUpComing = false
            content.waiters.append(node)
            return true
        }
    }

    /// Something else wakes a waiter.
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

extension UnsafeMutablePointer<Node> {
    /// Plans to wait for a cell to be completed, until a deadline; the caller keeps the cell alive.
    ///
    /// Returns nil, with the lock released, when there is nothing to wait for.
    func planWait(for cell: OneShotCell, until deadline: Deadline, _ context: CallContext) throws -> SwitchPlan? {
        let state = pointee.owner
        state.pointee.lock.lock()
        let isMissing = try state.unlockingOnError { try mustWait(for: cell, until: deadline) }
        let isWaiting = isMissing && cell.enqueue(self) { state.leaveRunQueue(self) }
        guard isWaiting else {
            state.pointee.noSwitch &+= 1
            state.pointee.lock.unlock()
            return nil
        }
        pointee.state = .awaiting
        pointee.awaited = Unmanaged.passUnretained(cell).toOpaque()
        pointee.hasTimedOut = false
        if !cell.isSchedulers { state.pointee.waits.oneShots += 1 }
        if deadline != .never { setDeadline(deadline) }
        let plan = state.planSwitch(from: self, .oneShot, context)
        arm()
        return plan
    }

    private func mustWait(for cell: OneShotCell, until deadline: Deadline) throws -> Bool {
        try refuseInCallback()
        if cell.isComplete || !deadline.isToCome { return false }
        try checkBlockTrap()
        if !cell.isSchedulers || deadline != .never {
            try checkMayLeave()
        } else {
            try checkMayBlock { $0.describe(self, awaiting: cell) }
        }
        return true
    }

    /// A wake-up has arrived for a tasklet that waits for a one-shot value, or waited for one.
    ///
    /// With the lock held.
    func oneShotCompleted() {
        guard pointee.lateWakeUps == 0 else { return pointee.lateWakeUps -= 1 }
        if pointee.timer.isSet { disarm() }
        noteEndOfOneShotWait()
        pointee.owner.makeReady(self)
    }

    /// Something else wakes a tasklet that waits for a one-shot value.
    ///
    /// With the lock held.
    func cancelOneShotWait() {
        cell?.cancel(self)
        noteEndOfOneShotWait()
    }

    private func noteEndOfOneShotWait() {
        if cell?.isSchedulers != true { pointee.owner.pointee.waits.oneShots -= 1 }
    }

    /// The cell that it waits for, in state `awaiting`.
    var cell: OneShotCell? {
        pointee.awaited.map { Unmanaged<OneShotCell>.fromOpaque($0).takeUnretainedValue() }
    }
}
