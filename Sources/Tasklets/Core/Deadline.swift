// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// An instant of the monotonic clock, in nanoseconds.
package struct Deadline: Comparable, Sendable {
    package var nanoseconds: UInt64

    package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    package static let never = Deadline(nanoseconds: .max)

    package static func < (left: Deadline, right: Deadline) -> Bool { left.nanoseconds < right.nanoseconds }

    package static var now: Deadline {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Deadline(nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
    }

    /// That long from now; a duration of zero or less is now.
    ///
    /// A duration of more than 292 years is never.
    package static func after(_ duration: Duration) -> Deadline {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return now }
        let limit: Int64 = 9_000_000_000
        guard seconds < limit else { return never }
        // Rounded up: a sleeper is never early.
        let nanoseconds = UInt64(seconds) * 1_000_000_000 + UInt64((attoseconds + 999_999_999) / 1_000_000_000)
        return Deadline(nanoseconds: now.nanoseconds + nanoseconds)
    }

    /// How long from now, zero when it has passed, and -1 for never: as the waiting system calls want it.
    package var nanosecondsLeft: Int64 {
        guard self != .never else { return -1 }
        let now = Deadline.now.nanoseconds
        return nanoseconds > now ? Int64(clamping: nanoseconds - now) : 0
    }
}
