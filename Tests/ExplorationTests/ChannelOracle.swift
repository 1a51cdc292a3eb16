// SPDX-License-Identifier: Apache-2.0

/// The expected behaviour of channels and puppets: which puppets wait, which are woken, and with what result.
///
/// It is told what happens, step by step, and the code is compared with it after each step.
struct ChannelOracle {
    enum Phase: Hashable, Sendable {
        /// Between two operations, or before the first.
        case idle(hasStarted: Bool)
        /// In an operation; with its outcome once it is complete, until the puppet has continued.
        case busy(Operation, Outcome?)
        case ended
    }

    struct Waiter: Hashable {
        var puppet: Int
        /// What a receiver will get, if this puppet is a sender.
        var offer: Outcome?
    }

    struct Line: Hashable {
        /// The waiters, longest first.
        ///
        /// Senders and receivers wait at the same time only if there are selects.
        var waiters: [Waiter] = []
        var buffer: [Outcome] = []
        var capacity = 0

        var balance: Int { waiters.reduce(0) { $0 + ($1.offer == nil ? -1 : 1) } }

        /// The position of a sender's, or a receiver's, partner.
        func partner(isSend: Bool) -> Int? { waiters.firstIndex { ($0.offer == nil) == isSend } }

        func wouldBlock(isSend: Bool) -> Bool {
            partner(isSend: isSend) == nil && (isSend ? buffer.count == capacity : buffer.isEmpty)
        }
    }

    /// Whether one puppet runs at a time while all others are suspended.
    let isOrdered: Bool
    private(set) var phases: [Phase]
    private(set) var lines: [Line]
    /// How many operations each puppet has begun.
    private(set) var begun: [Int]
    /// Puppets that throw `TaskletExit` when they would next leave the processor.
    private(set) var pendingExits: Set<Int> = []
    /// The puppet that each deferring puppet has deferred to, until that one leaves the processor.
    private(set) var deferring: [Int: Int] = [:]
    /// The object in each puppet's slot, or received by a puppet that has not continued: it is alive.
    private(set) var slots: [Int: Int] = [:]
    /// The objects of senders that have not continued: their callers may keep them alive.
    private(set) var offers: [Int: Int] = [:]
    private(set) var fault: String?

    init(puppets: Int, channels: Int, capacity: Int, isOrdered: Bool) {
        self.isOrdered = isOrdered
        phases = .init(repeating: .idle(hasStarted: false), count: puppets)
        begun = .init(repeating: 0, count: puppets)
        lines = .init(repeating: Line(capacity: capacity), count: channels)
    }

    mutating func note(_ what: String) { fault = fault ?? what }

    // MARK: Operations

    /// A puppet begins an operation; the object that it sends has that number.
    mutating func begin(_ puppet: Int, _ operation: Operation, number: Int) {
        begun[puppet] += 1
        phases[puppet] = .busy(operation, nil)
        switch operation {
        case .schedule: leaveProcessor(puppet, with: .done)
        case .kill(puppet), .killPending(puppet): complete(puppet, .killed)
        case .killPending(let victim):
            complete(puppet, .done)
            interrupt(victim)
        case .kill(let victim): kill(victim, by: puppet)
        case .run(let other): giveWay(puppet, to: other) { _ in }
        default: transfer(puppet, operation, number)
        }
    }

    private mutating func transfer(_ puppet: Int, _ operation: Operation, _ number: Int) {
        let offer: Outcome = if case .fail = operation { .failed(number) } else { .received(number) }
        let transfers = operation.transfers
        if transfers.contains(where: \.isSend) { offers[puppet] = number }
        if let chosen = transfers.first(where: { !lines[$0.channel].wouldBlock(isSend: $0.isSend) }) {
            return chosen.isSend ? send(offer, on: chosen.channel, puppet) : receive(on: chosen.channel, puppet)
        }
        guard leaveProcessor(puppet) else { return }
        for (channel, isSend) in transfers {
            lines[channel].waiters.append(Waiter(puppet: puppet, offer: isSend ? offer : nil))
            if isSend { slots[puppet] = number }
        }
    }

    private mutating func send(_ offer: Outcome, on channel: Int, _ puppet: Int) {
        complete(puppet, .done)
        guard let partner = popPartner(on: channel, isSend: true) else { return lines[channel].buffer.append(offer) }
        slots[partner.puppet] = offer.number
        complete(partner.puppet, offer)
    }

    private mutating func receive(on channel: Int, _ puppet: Int) {
        let sender = popPartner(on: channel, isSend: false)
        let isBuffered = !lines[channel].buffer.isEmpty
        let result = isBuffered ? lines[channel].buffer.removeFirst() : sender?.offer
        if isBuffered, let offer = sender?.offer { lines[channel].buffer.append(offer) }
        if let sender { complete(sender.puppet, .done) }
        slots[puppet] = result?.number
        complete(puppet, result ?? .done)
    }

    private mutating func popPartner(on channel: Int, isSend: Bool) -> Waiter? {
        guard let place = lines[channel].partner(isSend: isSend) else { return nil }
        let partner = lines[channel].waiters[place]
        withdraw(partner.puppet)
        slots[partner.puppet] = nil
        return partner
    }

    /// The outcome of a puppet's operation is known.
    private mutating func complete(_ puppet: Int, _ outcome: Outcome) {
        guard case .busy(let operation, nil) = phases[puppet] else { return note("\(puppet) is woken twice") }
        phases[puppet] = .busy(operation, outcome)
    }

    /// A puppet no longer waits for anything.
    private mutating func withdraw(_ puppet: Int) {
        for channel in lines.indices { lines[channel].waiters.removeAll { $0.puppet == puppet } }
        deferring[puppet] = nil
    }

    /// A puppet has continued after an operation, or has ended.
    mutating func finish(_ puppet: Int, _ outcome: Outcome) {
        guard case .busy(let operation, let expected) = phases[puppet] else {
            return note("\(puppet) continued, and was not told to: \(outcome)")
        }
        if outcome != expected {
            note("\(puppet) \(operation): the outcome is \(outcome), and not \(expected.map { "\($0)" } ?? "a wait")")
        }
        slots[puppet] = nil
        offers[puppet] = nil
        phases[puppet] = .idle(hasStarted: true)
        if outcome == .killed { end(puppet) }
    }

    mutating func end(_ puppet: Int) {
        phases[puppet] = .ended
        pendingExits.remove(puppet)
        wakeDeferring(to: puppet)
    }

    // MARK: Interruptions

    /// A puppet's deadline passes.
    mutating func expire(_ puppet: Int) {
        withdraw(puppet)
        complete(puppet, .timedOut)
    }

    /// `TaskletExit` is thrown into a puppet, where it is suspended.
    ///
    /// On a concurrent scheduler, a puppet between two operations runs, on a thread of its own; and one that has waited
    /// in synchronous code may run. Both throw when they would next leave the processor.
    mutating func interrupt(_ puppet: Int) {
        switch phases[puppet] {
        case .ended: return
        case .idle(true) where !isOrdered: pendingExits.insert(puppet)
        case .busy(let operation, let outcome?) where !isOrdered && operation.isSynchronous && outcome != .killed:
            pendingExits.insert(puppet)
        case .idle: phases[puppet] = .busy(.schedule, .killed)
        case .busy(let operation, _):
            withdraw(puppet)
            phases[puppet] = .busy(operation, .killed)
        }
    }

    private mutating func kill(_ victim: Int, by puppet: Int) {
        if phases[victim] == .ended { return complete(puppet, .done) }
        giveWay(puppet, to: victim) { $0.interrupt(victim) }
    }

    /// A puppet hands the processor to another, after changing the other's state.
    ///
    /// On a concurrent scheduler it defers to the other, and continues when that one has left the processor.
    private mutating func giveWay(_ puppet: Int, to other: Int, after change: (inout Self) -> Void) {
        if isOrdered {
            complete(puppet, .done)
            return change(&self)
        }
        guard leaveProcessor(puppet) else { return }
        change(&self)
        if deferring.removeValue(forKey: other) != nil { complete(other, .done) }
        deferring[puppet] = other
    }

    /// A puppet is about to leave the processor, unless it has an error to throw.
    ///
    /// - Parameter outcome: the outcome of its operation, if there is nothing to wait for.
    /// - Returns: whether it leaves.
    @discardableResult
    private mutating func leaveProcessor(_ puppet: Int, with outcome: Outcome? = nil) -> Bool {
        let isKilled = pendingExits.remove(puppet) != nil
        if isKilled { complete(puppet, .killed) } else if let outcome { complete(puppet, outcome) }
        if !isKilled { wakeDeferring(to: puppet) }
        return !isKilled
    }

    private mutating func wakeDeferring(to puppet: Int) {
        for (waiter, other) in deferring where other == puppet {
            deferring[waiter] = nil
            complete(waiter, .done)
        }
    }
}
