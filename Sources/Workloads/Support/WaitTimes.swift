// SPDX-License-Identifier: Apache-2.0

/// A fixed number of wait times, each written once by the tasklet that waited.
final class WaitTimes: @unchecked Sendable {
    // SAFETY: the buffer belongs to this object. One tasklet writes each element; the reader has joined all of them.
    private let nanoseconds: UnsafeMutableBufferPointer<UInt64>

    init(_ count: Int) {
        nanoseconds = .allocate(capacity: count)
        nanoseconds.initialize(repeating: 0)
    }

    deinit { nanoseconds.deallocate() }

    /// Stores a wait time; a negative one counts as zero.
    func note(_ wait: Duration, at index: Int) { nanoseconds[index] = wait.nanoseconds }

    /// All wait times, in index order, in nanoseconds.
    var all: [UInt64] { Array(nanoseconds) }
}

extension Duration {
    /// The duration in nanoseconds; 0 if it is negative.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(max(0, seconds * 1_000_000_000 + attoseconds / 1_000_000_000))
    }
}
