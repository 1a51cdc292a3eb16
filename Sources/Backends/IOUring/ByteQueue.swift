// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Bytes, first in, first out, in one piece of memory, which stays where it is until more is appended.
///
/// An empty queue has no memory: an idle connection costs none.
struct ByteQueue: ~Copyable {
    // SAFETY: the memory is the queue's, up to its end.
    private var memory: UnsafeMutableRawPointer?
    private var start = 0
    private(set) var count = 0
    private var capacity = 0
    /// Takes memory instead of its being freed.
    private let retire: MemoryRetirement?

    /// What a test does with memory that the kernel had, in place of freeing it.
    typealias MemoryRetirement = @Sendable (UnsafeMutableRawBufferPointer) -> Void

    init(_ retire: MemoryRetirement?) { self.retire = retire }

    deinit { Self.free(memory, capacity, retire) }

    var isEmpty: Bool { count == 0 }

    /// The bytes; valid until the queue changes.
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: memory.map { UnsafeRawPointer($0 + start) }, count: count)
    }

    mutating func append(_ more: UnsafeRawBufferPointer) {
        guard let source = more.baseAddress, more.count > 0 else { return }
        makeRoom(for: more.count)
        if let memory { memcpy(memory + start + count, source, more.count) }
        count += more.count
    }

    /// Removes bytes at the front.
    mutating func removeFirst(_ number: Int) {
        start += number
        count -= number
        if count == 0 { removeAll() }
    }

    mutating func removeAll() {
        Self.free(memory, capacity, retire)
        memory = nil
        (start, count, capacity) = (0, 0, 0)
    }

    /// Removes as many bytes as fit into a buffer, and returns how many.
    mutating func move(to buffer: UnsafeMutableRawBufferPointer) -> Int {
        let number = min(count, buffer.count)
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(number)))
        removeFirst(number)
        return number
    }

    private mutating func makeRoom(for more: Int) {
        guard start + count + more > capacity else { return }
        let larger = max(2 * count, count + more, 64)
        let new = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        if let memory { memcpy(new, memory + start, count) }
        Self.free(memory, capacity, retire)
        (memory, start, capacity) = (new, 0, larger)
    }

    private static func free(_ memory: UnsafeMutableRawPointer?, _ capacity: Int, _ retire: MemoryRetirement?) {
        guard let memory else { return }
        if let retire {
            retire(UnsafeMutableRawBufferPointer(start: memory, count: capacity))
        } else {
            memory.deallocate()
        }
    }
}
