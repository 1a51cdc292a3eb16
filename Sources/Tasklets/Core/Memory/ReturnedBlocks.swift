// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Blocks that are freed elsewhere than in the order of the scheduler that they belong to.
///
/// A stack that any thread pushes onto and only the owner empties, all at once; so no push can mistake a block that has
/// come back for one that never left.
package final class ReturnedBlocks: Sendable {
    private let last = Atomic<UInt>(0)

    /// From any thread.
    package func add(_ block: UnsafeMutableRawPointer) {
        var before = last.load(ordering: .relaxed)
        while true {
            block.storeBytes(of: before, as: UInt.self)
            // Releasing: what was done with the block comes before its next use.
            let (isDone, found) = last.weakCompareExchange(
                expected: before,
                desired: UInt(bitPattern: block),
                ordering: .releasing
            )
            if isDone { return }
            before = found
        }
    }

    /// Takes all, in the owner's order; each leads to the one after it.
    func takeAll() -> UnsafeMutableRawPointer? {
        if last.load(ordering: .relaxed) == 0 { return nil }
        return UnsafeMutableRawPointer(bitPattern: last.exchange(0, ordering: .acquiring))
    }

    static func following(_ block: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        UnsafeMutableRawPointer(bitPattern: block.load(as: UInt.self))
    }
}
