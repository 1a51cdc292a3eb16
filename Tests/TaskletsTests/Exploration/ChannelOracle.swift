// SPDX-License-Identifier: Apache-2.0

/// What channels and puppets do by the rules alone: who waits, who is answered, and with what.
///
/// It is told what happens, step by step, and the code is held against it after each.
struct ChannelOracle {
    enum Phase: Hashable, Sendable {
        /// Between two operations; or before the first.
        case idle(hasStarted: Bool)
        /// In an operation; with its outcome, once that is settled, until the puppet has gone on.
        case busy(Operation, Outcome?)
        case ended
    }

    struct Waiter: Hashable {
        var puppet: Int
        /// What a receiver will get, if this is a sender.
        var offer: Outcome?
    }

    struct Line: Hashable {
        /// Who waits, the longest first.
        ///
        /// Senders and receivers wait at the same time only where there are selects.
        var waiters: [Waiter] = []
        var buffer: [Outcome] = []
        var capacity = 0

        var balance: Int { waiters.reduce(0) { $0 + ($1.offer == nil ? -1 : 1) } }

        /// Where the partner is of somebody who sends, or receives.
        func partner(isSend: Bool) -> Int? { waiters.firstIndex { ($0.offer == nil) == isSend } }

        func wouldBlock(isSend: Bool) -> Bool {
            partner(isSend: isSend) == nil && (isSend ? buffer.count == capacity : buffer.isEmpty)
        }
    }

    /// Whether one puppet runs at a time, and all others are suspended.
    let isOrdered: Bool
    private(set) var phases: [Phase]
    private(set) var lines: [Line]
    /// How many operations each has begun.
    private(set) var begun: [Int]
    /// Who is to throw `TaskletExit` when it would next leave the processor.
    private(set) var awaitsExit: Set<Int> = []
    /// Who has given way to whom, until that one leaves the processor.
    private(set) var watched: [Int: Int] = [:]
    /// What is in whose hand, or was taken by somebody who has not gone on: it is alive.
    private(set) var hands: [Int: Int] = [:]
    /// What senders have sent who have not gone on: their callers may keep it alive.
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

    /// A puppet begins an operation; what it sends has that number.
    mutating func begin(_ puppet: Int, _ operation: Operation, number: Int) {
        begun[puppet] += 1
        phases[puppet] = .busy(operation, nil)
        switch operation {
        case .schedule: leaveProcessor(puppet, with: .done)
        case .kill(puppet), .killPending(puppet): settle(puppet, .killed)
        case .killPending(let victim):
            settle(puppet, .done)
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
            if isSend { hands[puppet] = number }
        }
    }

    private mutating func send(_ offer: Outcome, on channel: Int, _ puppet: Int) {
        settle(puppet, .done)
        guard let partner = popPartner(on: channel, isSend: true) else { return lines[channel].buffer.append(offer) }
        hands[partner.puppet] = offer.number
        settle(partner.puppet, offer)
    }

    private mutating func receive(on channel: Int, _ puppet: Int) {
        let sender = popPartner(on: channel, isSend: false)
        let isBuffered = !lines[channel].buffer.isEmpty
        let result = isBuffered ? lines[channel].buffer.removeFirst() : sender?.offer
        if isBuffered, let offer = sender?.offer { lines[channel].buffer.append(offer) }
        if let sender { settle(sender.puppet, .done) }
        hands[puppet] = result?.number
        settle(puppet, result ?? .done)
    }

    private mutating func popPartner(on channel: Int, isSend: Bool) -> Waiter? {
        guard let place = lines[channel].partner(isSend: isSend) else { return nil }
        let partner = lines[channel].waiters[place]
        withdraw(partner.puppet)
        hands[partner.puppet] = nil
        return partner
    }

    /// The outcome of a puppet's operation is known.
    private mutating func settle(_ puppet: Int, _ outcome: Outcome) {
        guard case .busy(let operation, nil) = phases[puppet] else { return note("\(puppet) is answered twice") }
        phases[puppet] = .busy(operation, outcome)
    }

    /// A puppet waits no more for anything.
    private mutating func withdraw(_ puppet: Int) {
        for channel in lines.indices { lines[channel].waiters.removeAll { $0.puppet == puppet } }
        watched[puppet] = nil
    }

    /// A puppet has gone on after an operation, or has ended.
    mutating func finish(_ puppet: Int, _ outcome: Outcome) {
        guard case .busy(let operation, let expected) = phases[puppet] else {
            return note("\(puppet) went on, and was not told to: \(outcome)")
        }
        if outcome != expected {
            note("\(puppet) \(operation): the outcome is \(outcome), and not \(expected.map { "\($0)" } ?? "a wait")")
        }
        hands[puppet] = nil
        offers[puppet] = nil
        phases[puppet] = .idle(hasStarted: true)
        if outcome == .killed { end(puppet) }
    }

    mutating func end(_ puppet: Int) {
        phases[puppet] = .ended
        awaitsExit.remove(puppet)
        wakeWatchers(of: puppet)
    }

    // MARK: Interruptions

    /// A puppet's deadline comes.
    mutating func expire(_ puppet: Int) {
        withdraw(puppet)
        settle(puppet, .timedOut)
    }

    /// `TaskletExit` is thrown into a puppet, where it is suspended.
    ///
    /// On an unordered scheduler, a puppet between two operations runs, on a thread of its own; and one that has waited
    /// in synchronous code may run. Those throw when they would next leave the processor.
    mutating func interrupt(_ puppet: Int) {
        switch phases[puppet] {
        case .ended: return
        case .idle(true) where !isOrdered: awaitsExit.insert(puppet)
        case .busy(let operation, let outcome?) where !isOrdered && operation.isSynchronous && outcome != .killed:
            awaitsExit.insert(puppet)
        case .idle: phases[puppet] = .busy(.schedule, .killed)
        case .busy(let operation, _):
            withdraw(puppet)
            phases[puppet] = .busy(operation, .killed)
        }
    }

    private mutating func kill(_ victim: Int, by puppet: Int) {
        if phases[victim] == .ended { return settle(puppet, .done) }
        giveWay(puppet, to: victim) { $0.interrupt(victim) }
    }

    /// A puppet hands the processor to another, after it has done something to it.
    ///
    /// Where several run at a time, it goes on only when that one has left the processor.
    private mutating func giveWay(_ puppet: Int, to other: Int, after change: (inout Self) -> Void) {
        if isOrdered {
            settle(puppet, .done)
            return change(&self)
        }
        guard leaveProcessor(puppet) else { return }
        change(&self)
        if watched.removeValue(forKey: other) != nil { settle(other, .done) }
        watched[puppet] = other
    }

    /// A puppet is about to leave the processor, unless it has an error to throw.
    ///
    /// - Parameter outcome: of its operation, where that is nothing to wait for.
    /// - Returns: whether it leaves.
    @discardableResult
    private mutating func leaveProcessor(_ puppet: Int, with outcome: Outcome? = nil) -> Bool {
        let isKilled = awaitsExit.remove(puppet) != nil
        if isKilled { settle(puppet, .killed) } else if let outcome { settle(puppet, outcome) }
        if !isKilled { wakeWatchers(of: puppet) }
        return !isKilled
    }

    private mutating func wakeWatchers(of puppet: Int) {
        for (watcher, other) in watched where other == puppet {
            watched[watcher] = nil
            settle(watcher, .done)
        }
    }
}
