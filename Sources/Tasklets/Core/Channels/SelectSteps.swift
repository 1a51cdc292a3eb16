// SPDX-License-Identifier: Apache-2.0

internal import SeededRandom

/// The steps of a select, in their order. `self` is the selecting tasklet.
extension UnsafeMutablePointer<Node> {
    /// Takes the lock, and chooses among the cases that need not wait.
    ///
    /// Returns nil where every case has to wait. Throws with the lock released.
    func enterSelect<Result>(_ cases: [SelectCase<Result>]) throws -> SelectCase<Result>? {
        let state = pointee.owner
        let core = state.pointee.core
        for one in cases {
            try one.channel.lockOwner(for: self)
            state.pointee.lock.unlock()
        }
        state.pointee.lock.lock()
        return try state.unlockingOnError {
            try refuseInCallback()
            if let chosen = core.choose(among: cases) {
                if !state.pointee.specialCases.isEmpty {
                    try checkMayAct(on: chosen.channel, chosen.direction)
                }
                return chosen
            }
            guard !state.pointee.specialCases.isEmpty else { return nil }
            for one in cases { notifyChannelCallback(one.channel, one.direction, willBlock: true) }
            // The callback may have closed one of the channels.
            return core.choose(among: cases)
        }
    }

    /// Plans to wait in each case's channel, by a proxy.
    ///
    /// Returns nil where the deadline has passed; throws where the tasklet must not wait; either with the lock
    /// released.
    func planSelectWait<Result>(
        _ cases: [SelectCase<Result>],
        until deadline: Deadline,
        _ context: CallContext
    ) throws -> SwitchPlan? {
        let state = pointee.owner
        guard deadline.isToCome else {
            state.pointee.lock.unlock()
            return nil
        }
        try state.unlockingOnError { try checkMayWait(cases, until: deadline) }
        let selection = SelectionPointer.make(of: self, count: cases.count)
        state.leaveRunQueue(self)
        for (index, one) in cases.enumerated() {
            one.fill(selection.node(at: index))
            one.channel.pointee.note(self, one.direction)
            one.channel.enqueue(proxy: selection.node(at: index), one.direction)
        }
        pointee.awaited = UnsafeMutableRawPointer(selection)
        pointee.state = .selecting
        pointee.hasTimedOut = false
        if deadline != .never { setDeadline(deadline) }
        let receives = cases.contains { $0.direction == .receive }
        let plan = state.planSwitch(from: self, receives ? .receive : .send, context)
        arm()
        return plan
    }

    private func checkMayWait<Result>(_ cases: [SelectCase<Result>], until deadline: Deadline) throws {
        try checkBlockTrap()
        if deadline != .never { return try checkMayLeave() }
        try checkMayBlock { $0.describe(self, waitingFor: cases.map { ($0.channel, $0.direction) }) }
    }

    /// The tasklet continues: for a case, for its deadline, or to throw.
    func endSelect<Result>(_ cases: [SelectCase<Result>]) throws -> SelectCase<Result>.Outcome? {
        guard let selection else { preconditionFailure("a select without a selection") }
        defer { selection.free() }
        let chosen = selection.pointee.chosen
        for (index, one) in cases.enumerated() where index != chosen && one.direction == .send {
            _ = try one.collect(selection.node(at: index))
        }
        guard let chosen else {
            if pointee.isInterrupted { throw takeInterruption() }
            return nil
        }
        guard !pointee.isInterrupted else {
            _ = try? cases[chosen].collect(selection.node(at: chosen))
            throw takeInterruption()
        }
        return try cases[chosen].collect(selection.node(at: chosen))
    }
}

/// A case that was chosen need not wait: its channel has a partner or a buffer that answers, or is closed.
extension UnsafeMutablePointer<ChannelState> {
    /// Plans the chosen send; the caller fills the holder's slot.
    func planSendAtOnce(
        _ me: NodePointer,
        _ context: CallContext
    ) throws -> (plan: SwitchPlan, holder: NodePointer) {
        guard let operation = try planSend(me, until: .past, context) else { throw closedError(.send) }
        return operation
    }

    /// Plans the chosen receive; the value is in the caller's slot once the plan has been performed.
    func planReceiveAtOnce(_ me: NodePointer, _ context: CallContext) throws -> SwitchPlan {
        guard let (plan, holder) = try planReceive(me, until: .past, context) else { throw closedError(.receive) }
        if holder != me { holder.moveSlot(to: me) }
        return plan
    }
}

extension SchedulerCore {
    /// One of the cases that need not wait, chosen at random.
    fileprivate func choose<Result>(among cases: [SelectCase<Result>]) -> SelectCase<Result>? {
        let ready = cases.filter { !$0.channel.wouldBlock($0.direction) || $0.channel.pointee.isClosing }
        return ready.isEmpty ? nil : ready[Int(selectRandom.next() % UInt64(ready.count))]
    }
}
