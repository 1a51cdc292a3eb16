// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// Blocks of random sizes that fill the heap's holes and move what is allocated after them.
///
/// Address randomization moves the heap by whole pages. Where in its page an object lies, and so with which others it
/// shares cache lines and sets, follows from what was allocated before it: a longer argument can make all processes of
/// a cell a few percent slower. With these blocks each process is a new draw, as in Curtsinger and Berger, "Stabilizer:
/// Statistically Sound Performance Evaluation", ASPLOS 2013. They are part of a process's peak memory.
struct HeapLayout {
    private let blocks: [UnsafeMutableRawPointer]

    /// Allocates 100 to 200 blocks of up to 2 KiB; none without a seed.
    init(seed: UInt64?) {
        guard let seed else {
            blocks = []
            return
        }
        var generator = SplitMix64(seed: seed)
        blocks = (0..<Int.random(in: 100...200, using: &generator)).map { _ in
            .allocate(byteCount: 16 * Int.random(in: 1...128, using: &generator), alignment: 16)
        }
    }

    /// Frees the blocks, at the end of what they are to influence.
    func free() { for block in blocks { block.deallocate() } }
}
