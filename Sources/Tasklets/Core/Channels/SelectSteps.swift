// SPDX-License-Identifier: Apache-2.0

internal import SeededRandom

/// Where a case of a select sends or receives: what its steps need of it, whatever its result's type.
@usableFromInline
package struct SelectPlace {
    @usableFromInline package let channel: ChannelPointer
    @usableFromInline package let direction: Direction

    @inlinable package init(channel: ChannelPointer, direction: Direction) {
        self.channel = channel
        self.direction = direction
    }

    /// Whether the case need not wait.
    fileprivate var isReady: Bool { !channel.wouldBlock(direction) || channel.pointee.isClosing }
}

@usableFromInline package typealias SelectPlaces = UnsafeBufferPointer<SelectPlace>

/// The steps of a select, in their order, for cases with results of any type: compiled with the caller, which knows it.
///
/// `self` is the selecting tasklet. Cases are reached by their index, because a copy would count the references of all
/// their parts.
extension UnsafeMutablePointer<Node> {
    /// Takes the lock, and chooses among the cases that need not wait.
    ///
    /// Returns nil where every case has to wait. Throws with the lock released.
    @inlinable func enterSelect<Result>(_ cases: [SelectCase<Result>]) throws -> Int? {
        try withPlaces(of: cases) { try enterSelect($0) }
    }

    /// Plans to wait in each case's channel, by a proxy.
    ///
    /// Returns nil where the deadline has passed; throws where the tasklet must not wait; either with the lock
    /// released.
    @inlinable func planSelectWait<Result>(
        _ cases: [SelectCase<Result>],
        until deadline: Deadline,
        _ context: CallContext
    ) throws -> SwitchPlan? {
        try withPlaces(of: cases) { places in
            guard let selection = try makeSelection(places, until: deadline) else { return nil }
            for index in cases.indices { cases[index].fill?(selection.node(at: index)) }
            return planWait(selection, places, until: deadline, context)
        }
    }

    /// The tasklet continues: for a case, for its deadline, or to throw.
    @inlinable func endSelect<Result>(_ cases: [SelectCase<Result>]) throws -> SelectCase<Result>.Outcome? {
        guard let selection else { preconditionFailure("a select without a selection") }
        defer { selection.free() }
        let chosen = selection.pointee.chosen
        for index in cases.indices where index != chosen && cases[index].place.direction == .send {
            _ = try cases[index].collect(selection.node(at: index))
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

    @inlinable @inline(__always) func withPlaces<Result, R>(
        of cases: [SelectCase<Result>],
        _ body: (SelectPlaces) throws -> R
    ) rethrows -> R {
        try withUnsafeTemporaryAllocation(of: SelectPlace.self, capacity: cases.count) { places in
            for index in cases.indices { places.initializeElement(at: index, to: cases[index].place) }
            return try body(SelectPlaces(places))
        }
    }
}

/// The parts of the steps that need no type.
extension UnsafeMutablePointer<Node> {
    @usableFromInline func enterSelect(_ places: SelectPlaces) throws -> Int? {
        let state = pointee.owner
        let core = state.pointee.core
        for place in places {
            try place.channel.lockOwner(for: self)
            state.pointee.lock.unlock()
        }
        state.pointee.lock.lock()
        return try state.unlockingOnError {
            try refuseInCallback()
            if let chosen = core.choose(among: places) {
                if !state.pointee.specialCases.isEmpty {
                    try checkMayAct(on: places[chosen].channel, places[chosen].direction)
                }
                return chosen
            }
            guard !state.pointee.specialCases.isEmpty else { return nil }
            for place in places { notifyChannelCallback(place.channel, place.direction, willBlock: true) }
            // The callback may have closed one of the channels.
            return core.choose(among: places)
        }
    }

    /// Makes the proxies; nil, with the lock released, where the deadline has passed.
    ///
    /// Throws with the lock released.
    @usableFromInline func makeSelection(
        _ places: SelectPlaces,
        until deadline: Deadline
    ) throws -> SelectionPointer? {
        let state = pointee.owner
        guard deadline.isToCome else {
            state.pointee.lock.unlock()
            return nil
        }
        try state.unlockingOnError { try checkMayWait(places, until: deadline) }
        return SelectionPointer.make(of: self, count: places.count)
    }

    /// Enters the queues of all places, by the proxies, whose slots are full where they send.
    @usableFromInline func planWait(
        _ selection: SelectionPointer,
        _ places: SelectPlaces,
        until deadline: Deadline,
        _ context: CallContext
    ) -> SwitchPlan {
        let state = pointee.owner
        state.leaveRunQueue(self)
        for (index, place) in places.enumerated() {
            place.channel.pointee.note(self, place.direction)
            place.channel.enqueue(proxy: selection.node(at: index), place.direction)
        }
        pointee.awaited = UnsafeMutableRawPointer(selection)
        pointee.state = .selecting
        pointee.hasTimedOut = false
        if deadline != .never { setDeadline(deadline) }
        let receives = places.contains { $0.direction == .receive }
        let plan = state.planSwitch(from: self, receives ? .receive : .send, context)
        arm()
        return plan
    }

    private func checkMayWait(_ places: SelectPlaces, until deadline: Deadline) throws {
        try checkBlockTrap()
        if deadline != .never { return try checkMayLeave() }
        try checkMayBlock { $0.describe(self, waitingFor: places.map { ($0.channel, $0.direction) }) }
    }
}

/// A case that was chosen need not wait: its channel has a partner or a buffer that answers, or is closed.
extension UnsafeMutablePointer<ChannelState> {
    /// Plans the chosen send; the caller fills the holder's slot.
    @usableFromInline func planSendAtOnce(
        _ me: NodePointer,
        _ context: CallContext
    ) throws -> (plan: SwitchPlan, holder: NodePointer) {
        guard let operation = try planSend(me, until: .past, context) else { throw closedError(.send) }
        return operation
    }

    /// Plans the chosen receive; the value is in the caller's slot once the plan has been performed.
    @usableFromInline func planReceiveAtOnce(_ me: NodePointer, _ context: CallContext) throws -> SwitchPlan {
        guard let (plan, holder) = try planReceive(me, until: .past, context) else { throw closedError(.receive) }
        if holder != me { holder.moveSlot(to: me) }
        return plan
    }
}

extension SchedulerCore {
    /// One of the cases that need not wait, chosen at random.
    fileprivate func choose(among places: SelectPlaces) -> Int? {
        let count = places.count { $0.isReady }
        guard count > 0 else { return nil }
        var others = Int(selectRandom.next() % UInt64(count))
        for (index, place) in places.enumerated() where place.isReady {
            if others == 0 { return index }
            others -= 1
        }
        return nil
    }
}
