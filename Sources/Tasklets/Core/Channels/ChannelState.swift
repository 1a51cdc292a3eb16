// SPDX-License-Identifier: Apache-2.0

/// The part of a channel that does not depend on the type of its values.
///
/// Invariants: one of the two queues is empty, except where a select both sends and receives; `balance` is the number
/// of waiting senders minus that of waiting receivers. While the buffer holds a value, no receiver waits; while it has
/// room, no sender does. The scheduler's tasklets touch it, with the lock held.
///
/// Semantics: Stackless Python, Stackless/module/channelobject.c, generic_channel_action; for the buffer, Go's
/// channels.
@usableFromInline
package struct ChannelState {
    @usableFromInline package var senders = WaitQueue()
    @usableFromInline package var receivers = WaitQueue()
    @usableFromInline package var balance = 0
    /// The scheduler that it belongs to; nil for a channel made outside any tasklet that no tasklet has used yet.
    @usableFromInline package var owner: StatePointer?
    /// The ids of the last sender and receiver, for deadlock reports; the tasklets may have ended since.
    private(set) var lastSender: UInt64 = 0
    private(set) var lastReceiver: UInt64 = 0

    package var preference: Preference
    /// Whether the preference alone decides what happens when partners meet.
    private(set) var isSimple = true
    /// Whether there is a buffer.
    @usableFromInline package let isBuffered: Bool
    @usableFromInline package var isClosing = false
    package var schedulesAll = false { didSet { updateSimplicity() } }
    /// How many waiters have a deadline, or are proxies.
    package var specialWaiters = 0 { didSet { updateSimplicity() } }

    // Every operation touches the fields above, in as few cache lines as possible; the fields below are rare.
    package var buffer: ChannelBuffer
    /// Keeps the owner alive.
    package var core: SchedulerCore?
    package let name: String?

    package init(name: String?, capacity: Int) {
        self.name = name
        buffer = ChannelBuffer(capacity: capacity)
        isBuffered = capacity > 0
        preference = capacity == 0 ? .receiver : .none
    }

    package mutating func bind(to owner: StatePointer) {
        core = owner.pointee.core
        self.owner = owner
    }

    @inline(__always) mutating func note(_ node: NodePointer, _ direction: Direction) {
        let id = node.record.pointee.identity.id
        if direction == .send { lastSender = id } else { lastReceiver = id }
    }

    /// How many values more the buffer takes; 0 for a rendezvous, and while the channel is closing.
    var room: Int { isClosing ? 0 : buffer.capacity - buffer.count }

    /// Whether it is closing, and nothing is left to receive.
    ///
    /// The balance does not tell: a select that both sends and receives counts on both sides.
    var isDrained: Bool { isClosing && senders.isEmpty && buffer.count == 0 }

    private mutating func updateSimplicity() { isSimple = !schedulesAll && specialWaiters == 0 }
}

@usableFromInline package typealias ChannelPointer = UnsafeMutablePointer<ChannelState>

/// Which way a tasklet acts on a channel.
@usableFromInline
package enum Direction: Int8, Sendable {
    case send = 1
    case receive = -1

    @inline(__always) var cause: SwitchCause { self == .send ? .send : .receive }
}

extension Preference {
    /// Whether the partner of the tasklet that acts runs at once.
    @inline(__always) func prefersPartner(of direction: Direction) -> Bool { rawValue == -Int(direction.rawValue) }
}

extension UnsafeMutablePointer<ChannelState> {
    /// The calling tasklet, with the scheduler's lock held; nil where it is not at home, and outside any tasklet.
    ///
    /// Throws `wrongScheduler`, with nothing changed, when it is one of another scheduler.
    func lockOwner() throws -> NodePointer? {
        guard let me = SchedulerCore.currentNode() else { return nil }
        try lockOwner(for: me)
        return me
    }

    /// The same for the calling tasklet.
    func lockOwner(for me: NodePointer) throws {
        let owner = me.pointee.owner
        owner.pointee.lock.lock()
        if pointee.owner == nil { bind(to: owner) }
        guard pointee.owner == owner else {
            owner.pointee.lock.unlock()
            throw SchedulerError(.wrongScheduler, "\(label) belongs to another scheduler than the tasklet that used it")
        }
    }

    /// Binds a channel that was made outside any tasklet to the first scheduler that uses it.
    private func bind(to owner: StatePointer) {
        // Two schedulers may meet here on two threads; their own locks do not exclude each other.
        boundChannels.withLock { count in
            guard pointee.owner == nil else { return }
            pointee.bind(to: owner)
            count += 1
        }
    }

    /// Whether an operation would have to wait.
    func wouldBlock(_ direction: Direction) -> Bool {
        switch direction {
        case .send: pointee.receivers.isEmpty && pointee.room == 0
        case .receive: pointee.senders.isEmpty && pointee.buffer.count == 0
        }
    }

    /// Whether an operation that finds a partner would hand the processor to another tasklet.
    func wouldGiveWay(_ direction: Direction) -> Bool {
        // The buffer answers without a switch.
        if direction == .receive, pointee.buffer.count > 0 { return false }
        let partner = direction == .send ? pointee.receivers.first : pointee.senders.first
        return partner != nil && (pointee.schedulesAll || pointee.preference.prefersPartner(of: direction))
    }

    /// Closes the channel.
    ///
    /// With the lock held. Tasklets that wait on a rendezvous go on waiting, as in Stackless; on a channel with a
    /// buffer they throw, as in Go.
    func close() {
        pointee.isClosing = true
        guard pointee.buffer.capacity > 0, let owner = pointee.owner else { return }
        for direction in [Direction.receive, .send] {
            while let waiter = direction == .send ? pointee.senders.first : pointee.receivers.first {
                let node = waiter.tasklet
                owner.interrupt(node, with: closedError(direction))
                node.pointee.isEndedByClosing = true
            }
        }
    }

    func closedError(_ direction: Direction) -> SchedulerError {
        let partner = direction == .send ? "receive from" : "send to"
        return SchedulerError(.channelClosed, "\(label) is closed, and no tasklet waits to \(partner) it")
    }

    /// For messages: `channel 'numbers'`, or `a channel without a name`.
    package var label: String { pointee.name.map { "channel '\($0)'" } ?? "a channel without a name" }
}

/// How many channels were made outside any tasklet and then bound.
private let boundChannels = Guarded(0)
