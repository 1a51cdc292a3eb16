// SPDX-License-Identifier: Apache-2.0

/// Room for the lengths of so many waits, each written once by whichever tasklet waited.
final class Waits: @unchecked Sendable {
    // SAFETY: every number is written by one tasklet, and read when all of them have been waited for.
    private let nanoseconds: UnsafeMutableBufferPointer<UInt64>

    init(_ count: Int) {
        nanoseconds = .allocate(capacity: count)
        nanoseconds.initialize(repeating: 0)
    }

    deinit { nanoseconds.deallocate() }

    /// Notes how long a wait took; a negative one is none.
    func note(_ wait: Duration, at index: Int) { nanoseconds[index] = wait.nanoseconds }

    /// All of them, in the order of their numbers.
    var all: [UInt64] { Array(nanoseconds) }
}

extension Duration {
    /// Nanoseconds; 0 where it is negative.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(max(0, seconds * 1_000_000_000 + attoseconds / 1_000_000_000))
    }
}
