// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import Tasklets
import TestSupport
import Testing

@Suite struct `The pool of blocks` {
    @Test func `A freed block is the next to be used`() {
        let pool = Pool(blockSize: 288)
        let first = pool.allocate()
        let second = pool.allocate()
        pool.free(first)
        #expect(pool.allocate() == first)
        pool.free(first)
        pool.free(second)
        #expect(pool.allocate() == second)
        #expect(pool.allocate() == first)
        pool.free(first)
        pool.free(second)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `Blocks in use keep what is in them, while others come and go`(seed: UInt64) {
        let size = 48 + Int(seed) * 104
        let pool = Pool(blockSize: size)
        var random = SplitMix64(seed: seed)
        var inUse: [(block: UnsafeMutableRawPointer, mark: UInt8)] = []
        for turn in 0..<60_000 {
            // Grows in the first half, shrinks in the second.
            let grows = Int.random(in: 0..<10, using: &random) < (turn < 30_000 ? 7 : 3)
            if grows || inUse.isEmpty {
                let block = pool.allocate()
                #expect(UInt(bitPattern: block) % 16 == 0)
                let mark = UInt8(truncatingIfNeeded: turn)
                block.initializeMemory(as: UInt8.self, repeating: mark, count: size)
                inUse.append((block, mark))
            } else {
                let index = Int.random(in: inUse.indices, using: &random)
                inUse.swapAt(index, inUse.count - 1)
                let (block, mark) = inUse.removeLast()
                let bytes = UnsafeRawBufferPointer(start: block, count: size)
                #expect(bytes.allSatisfy { $0 == mark })
                pool.free(block)
            }
        }
        for (block, _) in inUse { pool.free(block) }
    }

    @Test func `What a burst leaves is given back, but for as many slabs as are in use`() {
        let pool = Pool(blockSize: 4096)
        let kept = (0..<1200).map { _ in pool.allocate() }
        let inUse = pool.slabCount
        #expect(inUse == 3)
        let burst = (0..<20_000).map { _ in pool.allocate() }
        #expect(pool.slabCount > 10 * inUse)
        for block in burst { pool.free(block) }
        // The current one is another.
        #expect(pool.slabCount <= 2 * (inUse + 1))
        for block in kept { pool.free(block) }
        #expect(pool.slabCount <= 2)
    }

    @Test func `Blocks that come and go need no further slabs`() {
        let pool = Pool(blockSize: 4096)
        for _ in 0..<50 {
            let blocks = (0..<2000).map { _ in pool.allocate() }
            for block in blocks { pool.free(block) }
        }
        #expect(pool.slabCount <= 5)
    }

    @Test func `Gaps among blocks in use are filled before another slab is taken`() {
        let pool = Pool(blockSize: 4096)
        let blocks = (0..<3000).map { _ in pool.allocate() }
        let slabs = pool.slabCount
        for index in stride(from: 0, to: 3000, by: 2) { pool.free(blocks[index]) }
        let others = (0..<1500).map { _ in pool.allocate() }
        #expect(pool.slabCount == slabs)
        for block in others { pool.free(block) }
        for index in stride(from: 1, to: 3000, by: 2) { pool.free(blocks[index]) }
    }

    /// More than a slab of them in all, and fewer than that at any time.
    @Test func `Blocks that other threads return are used again`() async throws {
        let pool = Pool(blockSize: 4096)
        for _ in 0..<50 {
            let blocks = Blocks((0..<100).map { _ in pool.allocate() })
            try await onItsOwnThread { for block in blocks.all { pool.returned.add(block) } }
        }
        #expect(pool.slabCount <= 2)
    }

    @Test func `Threads return blocks while others are taken, and none is lost or taken twice`() async throws {
        let pool = Pool(blockSize: 64)
        let batches = Guarded<[Batch]>([])
        let isDone = Guarded(false)
        async let first = returnBatches(from: batches, to: pool.returned, until: isDone)
        async let second = returnBatches(from: batches, to: pool.returned, until: isDone)
        try await onItsOwnThread {
            for number in 0..<500 {
                let blocks = Blocks((0..<200).map { _ in pool.allocate() })
                for block in blocks.all { block.storeBytes(of: number, as: Int.self) }
                batches.withLock { $0.append(Batch(number: number, blocks: blocks)) }
            }
            isDone.withLock { $0 = true }
        }
        #expect(try await first + second == 0, "blocks were taken again before they were returned")
        pool.takeReturned()
        #expect(pool.isUnused)
    }

    /// Returns how many blocks were not as their batch had left them.
    private func returnBatches(
        from batches: Guarded<[Batch]>,
        to returned: ReturnedBlocks,
        until isDone: Guarded<Bool>
    ) async throws -> Int {
        try await onItsOwnThread {
            var wrong = 0
            while true {
                let done = isDone.withLock { $0 }
                guard let batch = batches.withLock({ $0.popLast() }) else {
                    if done { return wrong }
                    continue
                }
                for block in batch.blocks.all {
                    if block.load(as: Int.self) != batch.number { wrong += 1 }
                    returned.add(block)
                }
            }
        }
    }
}

/// A pool for a test, which has to free all blocks.
private final class Pool: @unchecked Sendable {
    // SAFETY: each test uses it on one thread at a time, but for `returned`.
    private var pool: BlockPool
    let returned: ReturnedBlocks

    init(blockSize: Int) {
        pool = BlockPool(blockSize: blockSize)
        returned = pool.returned
    }

    deinit { pool.unmapAll() }

    var slabCount: Int { pool.slabCount }
    var isUnused: Bool { pool.isUnused }
    func allocate() -> UnsafeMutableRawPointer { pool.allocate() }
    func free(_ block: UnsafeMutableRawPointer) { pool.free(block) }
    func takeReturned() { pool.takeReturned() }
}

/// Blocks that hold the number of their batch.
private struct Batch: Sendable {
    let number: Int
    let blocks: Blocks
}

/// Blocks on their way to another thread.
private struct Blocks: @unchecked Sendable {
    // SAFETY: nothing else uses them.
    let all: [UnsafeMutableRawPointer]
    init(_ all: [UnsafeMutableRawPointer]) { self.all = all }
}
