// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// An instant of the monotonic clock, in nanoseconds.
package struct Deadline: Comparable, Sendable {
    package var nanoseconds: UInt64

    package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    package static let never = Deadline(nanoseconds: .max)

    private static let past = Deadline(nanoseconds: 0)

    package static func < (left: Deadline, right: Deadline) -> Bool { left.nanoseconds < right.nanoseconds }

    package static var now: Deadline {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Deadline(nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
    }

    /// The same instant on the monotonic clock: equal instants are equal deadlines.
    ///
    /// One that has passed by its own clock has passed here, too; the other clock may be a little behind.
    package init(_ instant: ContinuousClock.Instant) {
        let isFuture = instant > .now
        self = isFuture ? Self.reference.deadline.advanced(by: Self.reference.instant.duration(to: instant)) : .past
    }

    /// One moment on both clocks.
    ///
    /// The instant is read first, so that a deadline made from one is not early.
    private static let reference = (instant: ContinuousClock.now, deadline: Deadline.now)

    /// That long from now; a duration of zero or less is now.
    ///
    /// A duration of more than 292 years is never.
    package static func after(_ duration: Duration) -> Deadline {
        now.advanced(by: duration)
    }

    /// That much later; not later at all when the duration is zero or less.
    private func advanced(by duration: Duration) -> Deadline {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return self }
        let limit: Int64 = 9_000_000_000
        guard seconds < limit else { return .never }
        // Rounded up: a sleeper is never early.
        let later = UInt64(seconds) * 1_000_000_000 + UInt64((attoseconds + 999_999_999) / 1_000_000_000)
        return Deadline(nanoseconds: nanoseconds + later)
    }

    /// How long from now, zero when it has passed, and -1 for never: as the waiting system calls want it.
    package var nanosecondsLeft: Int64 {
        guard self != .never else { return -1 }
        let now = Deadline.now.nanoseconds
        return nanoseconds > now ? Int64(clamping: nanoseconds - now) : 0
    }
}
