// SPDX-License-Identifier: Apache-2.0

/// Bytes that come in at one end and are taken out at the other: what a connection has received and not yet used, or has
/// to send.
///
/// It begins small, because most connections are idle and most messages short, grows as far as it has to, and becomes
/// small again when it is asked to.
struct ByteBuffer: ~Copyable {
    private var memory: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    private let usualCapacity: Int

    init(usualCapacity: Int) {
        self.usualCapacity = usualCapacity
        memory = .allocate(byteCount: usualCapacity, alignment: 1)
    }

    deinit { memory.deallocate() }

    /// What is in it; good until it is changed.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[start..<end]) }

    var count: Int { end - start }

    var isEmpty: Bool { start == end }

    /// Room after the bytes, of at least that size; what is put there is told by ``added(_:)``.
    mutating func room(_ size: Int) -> UnsafeMutableRawBufferPointer {
        if memory.count - end < size { makeRoom(size) }
        return UnsafeMutableRawBufferPointer(rebasing: memory[end...])
    }

    /// So many bytes have been put into the room.
    mutating func added(_ count: Int) { end += count }

    /// Appends bytes.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        room(bytes.count).copyMemory(from: bytes)
        end += bytes.count
    }

    /// Takes bytes out at the beginning.
    mutating func drop(_ count: Int) {
        start += count
        if start == end { removeAll() }
    }

    /// Takes bytes out that stand after `position` others.
    mutating func remove(_ count: Int, after position: Int) {
        guard count > 0 else { return }
        let gap = start + position
        let rest = end - gap - count
        if rest > 0, let base = memory.baseAddress {
            (base + gap).copyMemory(from: base + gap + count, byteCount: rest)
        }
        end -= count
    }

    mutating func removeAll() {
        start = 0
        end = 0
    }

    /// Gives back what is more than the usual, where that is empty.
    mutating func shrink() {
        guard isEmpty, memory.count > usualCapacity else { return }
        memory.deallocate()
        memory = .allocate(byteCount: usualCapacity, alignment: 1)
    }

    private mutating func makeRoom(_ size: Int) {
        let count = count
        if memory.count - count >= size, let base = memory.baseAddress {
            base.copyMemory(from: base + start, byteCount: count)
        } else {
            let larger = UnsafeMutableRawBufferPointer.allocate(
                byteCount: max(2 * memory.count, count + size),
                alignment: 1
            )
            larger.copyMemory(from: bytes)
            memory.deallocate()
            memory = larger
        }
        start = 0
        end = count
    }
}
