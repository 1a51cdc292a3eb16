// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// An instant of the continuous clock, in nanoseconds.
///
/// That is CLOCK_BOOTTIME, which runs on while the machine sleeps; the monotonic clock, by which the kernel and the
/// libraries wait, does not.
@usableFromInline
package struct Deadline: Comparable, Sendable {
    package var nanoseconds: UInt64

    package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    @usableFromInline package static let never = Deadline(nanoseconds: .max)

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
        Deadline(nanoseconds: clock(CLOCK_BOOTTIME))
    }

    /// Whether it is later than now.
    ///
    /// Most deadlines are far off, and cancelled before they come. For those a coarse clock suffices, which is read in a
    /// quarter of the time: it is at the kernel's last tick, some milliseconds ago at most. It stands still while the
    /// machine sleeps; so where that has slept since the last wait, a deadline may count as one to come that has passed,
    /// and is found out when the tasklet waits for it.
    package var isToCome: Bool {
        if self == .never { return true }
        let margin: UInt64 = 100_000_000
        let coarse = Self.clock(CLOCK_MONOTONIC_COARSE) &+ Self.timeAsleep.load(ordering: .relaxed)
        return nanoseconds > coarse &+ margin || self > .now
    }

    private static func clock(_ identifier: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(identifier, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    /// The same instant, in nanoseconds.
    @usableFromInline package init(_ instant: ContinuousClock.Instant) {
        let sinceStart =
            Self.readsInstants ? Self.bits(of: instant) : Self.start.duration(to: instant).attoseconds
        guard sinceStart > 0 else {
            self = .past
            return
        }
        // Rounded up: a sleeper is never early.
        let attoseconds = UInt128(sinceStart) + 999_999_999
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

    /// The instant at which the continuous clock was zero.
    private static let start = ContinuousClock().systemEpoch

    /// Whether an instant is the time since then, in attoseconds, as 16 bytes.
    ///
    /// The standard library does not promise that, and its own function takes a fifth of what a deadline costs that is
    /// armed and cancelled: it is called through the type's witnesses, and copies what it gets.
    private static let readsInstants: Bool = {
        guard MemoryLayout<ContinuousClock.Instant>.size == MemoryLayout<Int128>.size else { return false }
        let samples = [start, .now, start.advanced(by: .seconds(-1)), start.advanced(by: .seconds(1_000_000_000_000))]
        return samples.allSatisfy { bits(of: $0) == start.duration(to: $0).attoseconds }
    }()

    @inline(__always) private static func bits(of instant: ContinuousClock.Instant) -> Int128 {
        withUnsafeBytes(of: instant) {
            let low = $0.loadUnaligned(as: UInt64.self)
            let high = $0.loadUnaligned(fromByteOffset: MemoryLayout<UInt64>.size, as: Int64.self)
            return Int128(high) << 64 | Int128(low)
        }
    }

    /// That long from now; a duration of zero or less is now.
    ///
    /// A duration of 285 years and more is never.
    package static func after(_ duration: Duration) -> Deadline {
        now.advanced(by: duration)
    }

    /// That much later; unchanged if the duration is zero or less.
    private func advanced(by duration: Duration) -> Deadline {
        guard duration > .zero else { return self }
        // Its components trap where the seconds do not fit.
        guard duration < .seconds(9_000_000_000) else { return .never }
        // Rounded up: a sleeper is never early.
        let later = UInt64((duration.attoseconds + 999_999_999) / 1_000_000_000)
        return Deadline(nanoseconds: nanoseconds + later)
    }

    // MARK: Waiting

    /// How long a system call may wait for it, in nanoseconds: zero when it has passed, and -1, without end, for never.
    ///
    /// The kernel's waits stand still while the machine sleeps. So they last a minute at most, and their callers then look
    /// at the time again.
    package var nanosecondsLeft: Int64 {
        guard self != .never else { return -1 }
        let now = Self.clock(CLOCK_BOOTTIME)
        Self.noteTimeAsleep(now, Self.clock(CLOCK_MONOTONIC_COARSE))
        return Int64(min(remaining(at: now), Self.longestWait))
    }

    /// The same as an instant of the monotonic clock, for waits that have an end by that.
    package var monotonicNanoseconds: UInt64 {
        guard self != .never else { return .max }
        // In this order: rather late than early.
        let now = Self.clock(CLOCK_BOOTTIME)
        let monotonic = Self.clock(CLOCK_MONOTONIC)
        Self.noteTimeAsleep(now, monotonic)
        return monotonic + min(remaining(at: now), Self.longestWait)
    }

    private func remaining(at now: UInt64) -> UInt64 { nanoseconds > now ? nanoseconds - now : 0 }

    /// The earlier of this instant and the end of the longest wait, when the time is looked at again.
    package var nextLook: Deadline { min(self, Deadline(nanoseconds: Self.now.nanoseconds + Self.longestWait)) }

    private static let longestWait: UInt64 = 60_000_000_000

    /// How long the machine has slept, give or take a tick, as it was when a wait began.
    private static let timeAsleep = Atomic<UInt64>(clock(CLOCK_BOOTTIME) &- clock(CLOCK_MONOTONIC))

    private static func noteTimeAsleep(_ now: UInt64, _ monotonic: UInt64) {
        timeAsleep.store(now > monotonic ? now - monotonic : 0, ordering: .relaxed)
    }
}
