// SPDX-License-Identifier: Apache-2.0

/// The steps of a select, in their order. `self` is the selecting tasklet.
extension UnsafeMutablePointer<Node> {
    /// Takes the lock, where there is one, and chooses among the cases that need not wait.
    ///
    /// Returns nil where all would have to. Throws with the lock released.
    func enterSelect<Result>(_ cases: [SelectCase<Result>]) throws -> SelectCase<Result>? {
        let state = pointee.owner
        let core = state.pointee.core
        for one in cases { one.channel.leave(try one.channel.enterOwner()) }
        state.pointee.lock?.lock()
        return try state.unlockingOnError {
            try core.refuseInCallback(self)
            if let chosen = core.choose(among: cases) {
                if !state.pointee.specialCases.isEmpty { try core.willAct(self, on: chosen.channel, chosen.direction) }
                return chosen
            }
            guard !state.pointee.specialCases.isEmpty else { return nil }
            for one in cases { core.notifyChannelCallback(self, one.channel, one.direction, willBlock: true) }
            // The callback may have closed one of the channels.
            return core.choose(among: cases)
        }
    }

    /// Puts a proxy into each case's channel.
    ///
    /// Returns nil where the deadline has passed; throws where the tasklet must not wait; either with the lock released.
    func waitForCases<Result>(_ cases: [SelectCase<Result>], until deadline: Deadline, _ manner: Manner) throws
        -> Departure?
    {
        let state = pointee.owner
        guard deadline.isToCome else {
            state.pointee.lock?.unlock()
            return nil
        }
        try state.unlockingOnError { try checkMayWait(cases, until: deadline) }
        let selection = SelectionPointer.make(of: self, count: cases.count)
        state.leaveRing(self)
        for (index, one) in cases.enumerated() {
            one.offer(selection.node(at: index))
            one.channel.pointee.note(self, one.direction)
            one.channel.enqueue(proxy: selection.node(at: index), one.direction)
        }
        pointee.awaited = UnsafeMutableRawPointer(selection)
        pointee.state = .selecting
        pointee.hasTimedOut = false
        if deadline != .never { state.setDeadline(deadline, of: self) }
        let departure = state.depart(self, cases.contains { $0.direction == .receive } ? .receive : .send, manner)
        state.arm(self)
        return departure
    }

    private func checkMayWait<Result>(_ cases: [SelectCase<Result>], until deadline: Deadline) throws {
        let core = pointee.owner.pointee.core
        try core.checkBlockTrap(self)
        if deadline != .never { return try core.willSuspend(self) }
        try core.willBlock(self) { $0.describe(self, waitingFor: cases.map { ($0.channel, $0.direction) }) }
    }

    /// The tasklet goes on: for a case, for its deadline, or to throw.
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

extension SchedulerCore {
    /// One of the cases that need not wait, drawn by lot.
    fileprivate func choose<Result>(among cases: [SelectCase<Result>]) -> SelectCase<Result>? {
        let ready = cases.filter { !$0.channel.wouldBlock($0.direction) || $0.channel.pointee.isClosing }
        return ready.isEmpty ? nil : ready[drawLot(below: ready.count)]
    }

    /// A number from 0 to `bound - 1`, from a generator of its own.
    ///
    /// Steele, Lea and Flood's SplitMix64, always with the same seed.
    func drawLot(below bound: Int) -> Int {
        lots &+= 0x9E37_79B9_7F4A_7C15
        var mixed = lots
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }
}
