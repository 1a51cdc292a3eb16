// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A piece of memory that a ``BlockPool`` divides into blocks; this is its beginning.
///
/// A block that is free holds the address of the next one.
struct Slab {
    /// A huge page's; also the alignment, by which a block's address gives its slab's.
    static let size = 2 << 20
    /// Before the first block.
    private static let headerSize = 64

    /// Blocks that have been used, and are free: the last one freed first.
    fileprivate var freed: UnsafeMutableRawPointer?
    /// How many bytes, from the beginning, have been divided into blocks.
    fileprivate var divided = headerSize
    fileprivate(set) var blocksInUse = 0
    /// Neighbours in a list of the pool's.
    var next: SlabPointer?
    var previous: SlabPointer?

    /// The slab that a block is in.
    @inline(__always) static func around(_ block: UnsafeMutableRawPointer) -> SlabPointer {
        let offset = Int(bitPattern: block) & (size - 1)
        return (block - offset).assumingMemoryBound(to: Slab.self)
    }

    /// Maps a slab.
    ///
    /// - Parameter asHugePage: whether to ask for one, where the system has them.
    static func map(asHugePage: Bool) -> SlabPointer {
        // Twice the size has an aligned part.
        let mapping = mmap(nil, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let mapping, mapping != MAP_FAILED else { fatalError("no memory is left for another tasklet") }
        let before = (size - Int(bitPattern: mapping) & (size - 1)) & (size - 1)
        if before > 0 { munmap(mapping, before) }
        munmap(mapping + before + size, size - before)
        if asHugePage { madvise(mapping + before, size, MADV_HUGEPAGE) }
        let slab = (mapping + before).bindMemory(to: Slab.self, capacity: 1)
        slab.initialize(to: Slab())
        return slab
    }
}

typealias SlabPointer = UnsafeMutablePointer<Slab>

extension SlabPointer {
    @inline(__always) func takeFreed() -> UnsafeMutableRawPointer? {
        guard let block = pointee.freed else { return nil }
        pointee.freed = block.load(as: UnsafeMutableRawPointer?.self)
        pointee.blocksInUse &+= 1
        return block
    }

    /// Takes a block that has not been used; nil where none is left.
    func takeUnused(_ blockSize: Int) -> UnsafeMutableRawPointer? {
        let offset = pointee.divided
        guard offset + blockSize <= Slab.size else { return nil }
        pointee.divided = offset + blockSize
        pointee.blocksInUse += 1
        return UnsafeMutableRawPointer(self) + offset
    }

    /// Frees a block.
    ///
    /// Returns whether it is the only one that has been freed, and not been taken again.
    @inline(__always) func add(_ block: UnsafeMutableRawPointer) -> Bool {
        let next = pointee.freed
        block.storeBytes(of: next, as: UnsafeMutableRawPointer?.self)
        pointee.freed = block
        pointee.blocksInUse &-= 1
        return next == nil
    }

    func unmap() { munmap(self, Slab.size) }
}
