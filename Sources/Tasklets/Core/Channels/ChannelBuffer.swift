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
