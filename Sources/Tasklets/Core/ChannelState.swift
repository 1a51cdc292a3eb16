// SPDX-License-Identifier: Apache-2.0

public import CSwitch

/// The part of a channel that does not depend on what it carries.
///
/// Invariants: of the two queues one is empty, except where a select both sends and receives; `balance` is the number of
/// waiting senders minus that of waiting receivers. While something is in the buffer, no receiver waits; while there is
/// room in it, no sender does. Touched by the scheduler's tasklets only, under the lock where there is one.
///
/// Semantics: Stackless Python, Stackless/module/channelobject.c, generic_channel_action; of the buffer, Go's channels.
@usableFromInline
package struct ChannelState {
    @usableFromInline package var senders = WaitQueue()
    @usableFromInline package var receivers = WaitQueue()
    @usableFromInline package var balance = 0
    /// The scheduler that it belongs to; nil until a tasklet has used it, when it was made outside any.
    @usableFromInline package var owner: StatePointer?
    /// How many values more the buffer takes; 0 for a rendezvous, and when the channel is closing.
    @usableFromInline package private(set) var room = 0
    /// How many values wait in the buffer, and where the first is.
    @usableFromInline package private(set) var bufferedCount = 0
    @usableFromInline package private(set) var firstSlot = 0
    package let capacity: Int

    /// The numbers of those who sent and received last, to be named in deadlock reports; they may have ended since.
    private(set) var lastSender: UInt64 = 0
    private(set) var lastReceiver: UInt64 = 0

    package var preference: Preference
    package var schedulesAll = false { didSet { updateSimplicity() } }
    package var isClosing = false { didSet { updateRoom() } }
    /// How many wait with a deadline, or by proxy.
    package var specialWaiters = 0 { didSet { updateSimplicity() } }
    /// Whether a hand-over has no more to look at than the preference.
    package private(set) var isSimple = true

    /// Keeps the owner alive.
    package var core: SchedulerCore?
    package let name: String?

    package init(name: String?, capacity: Int) {
        self.name = name
        self.capacity = capacity
        room = capacity
        preference = capacity == 0 ? .receiver : .none
    }

    package mutating func bind(to owner: StatePointer) {
        core = owner.pointee.core
        self.owner = owner
    }

    @inline(__always) mutating func note(_ node: NodePointer, _ direction: Direction) {
        let id = node.reference._withUnsafeGuaranteedRef { $0.id }
        if direction == .send { lastSender = id } else { lastReceiver = id }
    }

    /// The slot for one value more, which there must be room for.
    @usableFromInline package mutating func takeSlotForLast() -> Int {
        let slot = (firstSlot + bufferedCount) % capacity
        bufferedCount += 1
        updateRoom()
        return slot
    }

    /// The slot of the value that has waited longest.
    @usableFromInline package mutating func takeFirstSlot() -> Int {
        let slot = firstSlot
        firstSlot = (firstSlot + 1) % capacity
        bufferedCount -= 1
        updateRoom()
        return slot
    }

    /// Whether it is closing, and there is nothing to receive any more.
    ///
    /// The balance does not tell: a select that both sends and receives counts on both sides.
    var isDrained: Bool { isClosing && senders.isEmpty && bufferedCount == 0 }

    private mutating func updateRoom() { room = isClosing ? 0 : capacity - bufferedCount }

    private mutating func updateSimplicity() { isSimple = !schedulesAll && specialWaiters == 0 }
}

@usableFromInline package typealias ChannelPointer = UnsafeMutablePointer<ChannelState>

/// Which way a tasklet acts on a channel.
@usableFromInline
package enum Direction: Int8, Sendable {
    case send = 1
    case receive = -1

    @inline(__always) var cause: Cause { self == .send ? .send : .receive }
}

extension UnsafeMutablePointer<ChannelState> {
    /// The calling tasklet, with the scheduler's lock held where there is one.
    ///
    /// Throws, with nothing changed, `wrongScheduler` when the caller is no tasklet, or one of another scheduler; and
    /// what ``SpecialCases`` have to say.
    @inlinable @inline(__always) package func enter(_ direction: Direction) throws -> NodePointer {
        if let hint = sw_current() {
            let me = hint.assumingMemoryBound(to: Node.self)
            let owner = me.pointee.owner
            // As numbers: comparing optional pointers looks at nil first.
            if owner.pointee.specialCases.rawValue == 0,
                UInt(bitPattern: pointee.owner) == UInt(bitPattern: owner),
                me.pointee.task == sw_active_task_word()
            {
                return me
            }
        }
        return try enterSlowly(direction)
    }

    @usableFromInline @inline(never) package func enterSlowly(_ direction: Direction) throws -> NodePointer {
        let me = try enterOwner()
        do { try me.pointee.owner.pointee.core.willAct(me, on: self, direction) } catch {
            leave(me)
            throw error
        }
        return me
    }

    /// The same for those who only look.
    func enterOwner() throws -> NodePointer {
        guard let me = SchedulerCore.currentNode() else {
            throw SchedulerError(
                .wrongScheduler,
                "\(label) was used outside any tasklet; only tasklets may use channels"
            )
        }
        let owner = me.pointee.owner
        owner.pointee.lock?.lock()
        if pointee.owner == nil { adopt(owner) }
        guard pointee.owner == owner else {
            owner.pointee.lock?.unlock()
            throw SchedulerError(.wrongScheduler, "\(label) belongs to another scheduler than the tasklet that used it")
        }
        return me
    }

    /// Binds a channel that was made outside any tasklet to the first scheduler that uses it.
    private func adopt(_ owner: StatePointer) {
        // Two schedulers may meet here on two threads; their own locks do not exclude each other.
        boundChannels.withLock { count in
            guard pointee.owner == nil else { return }
            pointee.bind(to: owner)
            count += 1
        }
    }

    /// Ends an operation that does not park.
    @usableFromInline package func leave(_ me: NodePointer) { me.pointee.owner.pointee.lock?.unlock() }

    /// Whether an operation would have to wait.
    func wouldBlock(_ direction: Direction) -> Bool {
        switch direction {
        case .send: pointee.receivers.isEmpty && pointee.room == 0
        case .receive: pointee.senders.isEmpty && pointee.bufferedCount == 0
        }
    }

    /// Whether an operation that finds a partner would hand the processor to somebody else.
    func wouldGiveWay(_ direction: Direction) -> Bool {
        // What the buffer takes or gives disturbs nobody.
        if direction == .receive, pointee.bufferedCount > 0 { return false }
        let partner = direction == .send ? pointee.receivers.first : pointee.senders.first
        return partner != nil && (pointee.schedulesAll || pointee.preference.prefersPartner(of: direction))
    }

    /// For messages: `channel 'numbers'`, or `a channel`.
    package var label: String { pointee.name.map { "channel '\($0)'" } ?? "a channel without a name" }
}

extension Preference {
    /// Whether the partner of somebody who acts goes on at once.
    @inline(__always) func prefersPartner(of direction: Direction) -> Bool { rawValue == -Int(direction.rawValue) }
}

/// How many channels were made outside any tasklet and then bound.
private let boundChannels = Guarded(0)
