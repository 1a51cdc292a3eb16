// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// An instant of the monotonic clock, in nanoseconds.
@usableFromInline
package struct Deadline: Comparable, Sendable {
    package var nanoseconds: UInt64

    package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    package static let never = Deadline(nanoseconds: .max)

    /// An instant that has passed.
    package static let past = Deadline(nanoseconds: 0)

    // Written out, because `Comparable`'s own are called through its witness table, at every wait.
    @usableFromInline package static func < (left: Deadline, right: Deadline) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
    @usableFromInline package static func > (left: Deadline, right: Deadline) -> Bool {
        left.nanoseconds > right.nanoseconds
    }
    @usableFromInline package static func <= (left: Deadline, right: Deadline) -> Bool {
        left.nanoseconds <= right.nanoseconds
    }
    @usableFromInline package static func == (left: Deadline, right: Deadline) -> Bool {
        left.nanoseconds == right.nanoseconds
    }
    @usableFromInline package static func != (left: Deadline, right: Deadline) -> Bool {
        left.nanoseconds != right.nanoseconds
    }

    package static var now: Deadline {
        Deadline(nanoseconds: clock(CLOCK_MONOTONIC))
    }

    /// Whether it is later than now.
    ///
    /// Most deadlines are far off, and cancelled before they come. For those the coarse clock suffices, which is read
    /// in a quarter of the time: it is the other one at the kernel's last tick, some milliseconds ago at most.
    package var isToCome: Bool {
        if self == .never { return true }
        let margin: UInt64 = 100_000_000
        return nanoseconds > Self.clock(CLOCK_MONOTONIC_COARSE) &+ margin || self > .now
    }

    private static func clock(_ identifier: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(identifier, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    /// The same instant on the monotonic clock.
    ///
    /// Equal instants are equal deadlines, and one that has passed by its own clock has passed here, too.
    @usableFromInline package init(_ instant: ContinuousClock.Instant) {
        let sinceReference = Self.reference.duration(to: instant).attoseconds
        guard sinceReference > 0 else {
            self = .past
            return
        }
        // Rounded up: a sleeper is never early.
        let attoseconds = UInt128(sinceReference) + 999_999_999
        let high = UInt64(attoseconds >> 64)
        // Half of what one instruction can divide: 292 years.
        guard high < Self.attosecondsPerNanosecond / 2 else {
            self = .never
            return
        }
        let low = UInt64(truncatingIfNeeded: attoseconds)
        self.init(nanoseconds: Self.attosecondsPerNanosecond.dividingFullWidth((high, low)).quotient)
    }

    private static let attosecondsPerNanosecond: UInt64 = 1_000_000_000

    /// The instant of the continuous clock at which the monotonic clock was, or would have been, zero.
    ///
    /// The first clock runs on while the machine sleeps; otherwise they keep the same time. So the difference is read
    /// between two readings of the other clock, many times, for bounds as narrow as possible; and where those allow
    /// that the machine has not slept, it is zero exactly.
    private static let reference: ContinuousClock.Instant = {
        var low = Int64.min
        var high = Int64.max
        for _ in 0..<64 {
            let before = Int64(clock(CLOCK_MONOTONIC))
            let between = Int64(clock(CLOCK_BOOTTIME))
            let after = Int64(clock(CLOCK_MONOTONIC))
            low = max(low, between - after)
            high = min(high, between - before)
        }
        // Rather a few nanoseconds too little, so that deadlines are late and not early.
        return ContinuousClock().systemEpoch + .nanoseconds(max(0, low <= 0 && high >= 0 ? 0 : low))
    }()

    /// That long from now; a duration of zero or less is now.
    ///
    /// A duration of more than 292 years is never.
    package static func after(_ duration: Duration) -> Deadline {
        now.advanced(by: duration)
    }

    /// That much later; unchanged if the duration is zero or less.
    private func advanced(by duration: Duration) -> Deadline {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return self }
        let limit: Int64 = 9_000_000_000
        guard seconds < limit else { return .never }
        // Rounded up: a sleeper is never early.
        let later = UInt64(seconds) * 1_000_000_000 + UInt64((attoseconds + 999_999_999) / 1_000_000_000)
        return Deadline(nanoseconds: nanoseconds + later)
    }

    /// How long from now, zero when it has passed, and -1 for never: the time-out of system calls that wait.
    package var nanosecondsLeft: Int64 {
        guard self != .never else { return -1 }
        let now = Deadline.now.nanoseconds
        return nanoseconds > now ? Int64(clamping: nanoseconds - now) : 0
    }
}
