// SPDX-License-Identifier: Apache-2.0

/// Memory for what every tasklet has, in blocks of one size.
///
/// A general allocator sorts what a burst of tasklets leaves behind into its lists of free chunks, and hands it out in
/// an order that the caches do not know: with a million tasklets that takes as long as all else they do. Here a freed
/// block is the next to be used, and neighbours in time are neighbours in memory.
///
/// Each slab has a list of its own free blocks, so that a slab without a block in use is found at once, and can be
/// given back to the system: the scheme is mimalloc's (Leijen, Zorn and de Moura, "Mimalloc: Free List Sharding in
/// Action", 2019), with one size and one owner.
///
/// Touched in the scheduler's order only; other threads return blocks through ``returned``.
package struct BlockPool {
    private let blockSize: Int
    /// The slab that blocks are taken from; nil before the first.
    private var current: SlabPointer?
    /// The other slabs with free blocks and with blocks in use.
    private var withRoom = SlabList()
    /// The other slabs without blocks in use.
    private var empty = SlabList()
    /// All slabs but the empty ones.
    private var usedCount = 0
    /// Blocks from other threads.
    package let returned = ReturnedBlocks()
    /// Those of them that are still to be freed.
    private var firstReturned: UnsafeMutableRawPointer?
    /// Whether empty slabs go back to the system; otherwise, they stay until ``unmapAll()``.
    package var givesBack = true

    /// - Parameter blockSize: in bytes, rounded up to a multiple of 16.
    package init(blockSize: Int) { self.blockSize = (blockSize + 15) / 16 * 16 }

    /// Whether no block is in use.
    package var isUnused: Bool { usedCount == (current == nil ? 0 : 1) && current?.pointee.blocksInUse ?? 0 == 0 }

    /// How many slabs it has.
    package var slabCount: Int { usedCount + empty.count }

    /// Takes a block, which is not initialized.
    @inline(__always) package mutating func allocate() -> UnsafeMutableRawPointer {
        guard let current, let block = current.takeFreed() else { return allocateSlowly() }
        return block
    }

    @inline(never) private mutating func allocateSlowly() -> UnsafeMutableRawPointer {
        takeReturned()
        while true {
            if let current, let block = current.takeFreed() ?? current.takeUnused(blockSize) { return block }
            current = withRoom.popFirst() ?? takeEmpty()
        }
    }

    private mutating func takeEmpty() -> SlabPointer {
        usedCount += 1
        // A huge page is in memory as a whole, which few tasklets would not fill.
        return empty.popFirst() ?? Slab.map(asHugePage: usedCount > 8)
    }

    /// Frees a block.
    @inline(__always) package mutating func free(_ block: UnsafeMutableRawPointer) {
        let slab = Slab.around(block)
        // All but the current slab have been divided to the end.
        let wasFull = slab.add(block)
        if slab != current { moved(slab, wasFull) }
    }

    /// Puts a slab other than the current one into the right list.
    private mutating func moved(_ slab: SlabPointer, _ wasFull: Bool) {
        if slab.pointee.blocksInUse == 0 {
            if !wasFull { withRoom.remove(slab) }
            empty.add(slab)
            usedCount -= 1
            giveBack()
        } else if wasFull {
            withRoom.add(slab)
        }
    }

    /// Unmaps empty slabs, of which as many are kept as there are used ones: so what comes and goes is not mapped anew
    /// every time, and at most as much stays unused as is in use.
    private mutating func giveBack() {
        guard givesBack else { return }
        while empty.count > max(usedCount, 1), let slab = empty.popFirst() { slab.unmap() }
    }

    /// Frees blocks that other threads have returned: all, or some.
    package mutating func takeReturned(atMost count: Int = .max) {
        var left = count
        while left > 0 {
            if firstReturned == nil { firstReturned = returned.takeAll() }
            guard let block = firstReturned else { return }
            firstReturned = ReturnedBlocks.following(block)
            free(block)
            left -= 1
        }
    }

    /// Unmaps all slabs; no block is in use.
    package mutating func unmapAll() {
        takeReturned()
        assert(isUnused, "a block is in use")
        current?.unmap()
        current = nil
        while let slab = empty.popFirst() { slab.unmap() }
    }
}

/// A list of slabs, the last one added first.
private struct SlabList {
    private var first: SlabPointer?
    private(set) var count = 0

    mutating func add(_ slab: SlabPointer) {
        slab.pointee.previous = nil
        slab.pointee.next = first
        first?.pointee.previous = slab
        first = slab
        count += 1
    }

    mutating func remove(_ slab: SlabPointer) {
        let next = slab.pointee.next
        let previous = slab.pointee.previous
        next?.pointee.previous = previous
        if let previous { previous.pointee.next = next } else { first = next }
        count -= 1
    }

    mutating func popFirst() -> SlabPointer? {
        guard let slab = first else { return nil }
        remove(slab)
        return slab
    }
}
