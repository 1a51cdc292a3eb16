// SPDX-License-Identifier: Apache-2.0

/// A byte queue: what a connection has received and not yet consumed, or has yet to send.
///
/// It starts small, because most connections are idle and most messages are short, grows on demand, and shrinks on
/// request.
struct ByteBuffer: ~Copyable {
    private var memory: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    private let usualCapacity: Int

    init(usualCapacity: Int) {
        self.usualCapacity = usualCapacity
        memory = Self.memory(usualCapacity)
    }

    /// Of no bytes, none: even an empty allocation takes as long as another, and memory.
    private static func memory(_ capacity: Int) -> UnsafeMutableRawBufferPointer {
        guard capacity > 0 else { return UnsafeMutableRawBufferPointer(start: nil, count: 0) }
        return .allocate(byteCount: capacity, alignment: 1)
    }

    deinit { memory.deallocate() }

    /// The contents.
    ///
    /// Valid until the next mutation.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[start..<end]) }

    var count: Int { end - start }

    var isEmpty: Bool { start == end }

    /// Free space of at least `size` bytes after the contents; report what was written there with ``added(_:)``.
    mutating func room(_ size: Int) -> UnsafeMutableRawBufferPointer {
        if memory.count - end < size { makeRoom(size) }
        return UnsafeMutableRawBufferPointer(rebasing: memory[end...])
    }

    /// Appends the first `count` bytes of the free space to the contents.
    mutating func added(_ count: Int) { end += count }

    /// Appends a copy of the bytes.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        room(bytes.count).copyMemory(from: bytes)
        end += bytes.count
    }

    /// Inserts a copy of the bytes before the contents.
    mutating func prepend(_ bytes: UnsafeRawBufferPointer) {
        _ = room(bytes.count)
        guard let base = memory.baseAddress, bytes.count > 0 else { return }
        (base + start + bytes.count).copyMemory(from: base + start, byteCount: count)
        UnsafeMutableRawBufferPointer(rebasing: memory[start...]).copyMemory(from: bytes)
        end += bytes.count
    }

    /// Removes bytes from the front.
    mutating func drop(_ count: Int) {
        start += count
        if start == end { removeAll() }
    }

    /// Removes `count` bytes at an offset.
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

    /// Frees excess capacity if the buffer is empty.
    mutating func shrink() {
        guard isEmpty, memory.count > usualCapacity else { return }
        memory.deallocate()
        memory = Self.memory(usualCapacity)
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
