// SPDX-License-Identifier: Apache-2.0

/// The buffer of a channel: a circular queue of slots, which hold values or errors as tasklets' slots do.
///
/// The memory belongs to the channel.
package struct ChannelBuffer {
    private struct Entry {
        var slot: TransferSlot
        var content: SlotContent
    }

    package let capacity: Int
    package private(set) var count = 0
    private var first = 0
    private let entries: UnsafeMutablePointer<Entry>?

    init(capacity: Int) {
        self.capacity = capacity
        entries = capacity > 0 ? .allocate(capacity: capacity) : nil
    }

    /// Called when it is empty.
    func deallocate() { entries?.deallocate() }

    /// Moves what a node's slot holds to the end of the queue, which has room for it.
    mutating func append(from node: NodePointer) {
        let place = (first + count) % capacity
        entry(place).initialize(to: Entry(slot: node.pointee.slot, content: node.pointee.slotContent))
        node.pointee.slotContent = .empty
        count += 1
    }

    /// Moves the oldest value, or error, into a node's slot, which is empty.
    mutating func popFirst(into node: NodePointer) {
        let oldest = entry(first).move()
        node.pointee.slot = oldest.slot
        node.pointee.slotContent = oldest.content
        first = (first + 1) % capacity
        count -= 1
    }

    /// Drops all values and errors, which are of that type.
    mutating func drop<T>(_ type: T.Type) {
        while count > 0 {
            var oldest = entry(first).move()
            withUnsafeMutablePointer(to: &oldest.slot) { $0.drop(oldest.content, as: type) }
            first = (first + 1) % capacity
            count -= 1
        }
    }

    private func entry(_ place: Int) -> UnsafeMutablePointer<Entry> {
        // SAFETY: called where there is room, or a value, and so a buffer.
        entries.unsafelyUnwrapped + place
    }
}

/// Operations that the buffer answers.
extension UnsafeMutablePointer<ChannelState> {
    /// Plans to store the value, once it is in the caller's slot, in the buffer; nil where that has no room.
    @usableFromInline @inline(never) package func planStore(_ me: NodePointer) -> SwitchPlan? {
        guard pointee.room > 0 else { return nil }
        me.pointee.awaited = UnsafeMutableRawPointer(self)
        me.pointee.owner.pointee.noSwitch &+= 1
        return SwitchPlan(.store)
    }

    /// Moves the oldest value into the caller's slot, and the value of the sender that has waited longest into the
    /// buffer; nil where the buffer is empty.
    @usableFromInline @inline(never) package func takeFromBuffer(_ me: NodePointer) -> SwitchPlan? {
        guard pointee.buffer.count > 0 else { return nil }
        let state = me.pointee.owner
        pointee.buffer.popFirst(into: me)
        if let waiter = pointee.senders.popFirst() {
            pointee.balance &-= 1
            pointee.buffer.append(from: waiter)
            state.makeReady(endOtherWaits(of: waiter))
        }
        state.pointee.noSwitch &+= 1
        state.pointee.lock.unlock()
        return .proceed
    }
}

extension UnsafeMutablePointer<Node> {
    /// Performs ``SwitchPlan/Action/store``.
    func storeInBuffer() {
        guard let channel else { preconditionFailure("a value without a channel") }
        channel.pointee.buffer.append(from: self)
        pointee.owner.pointee.lock.unlock()
    }
}
