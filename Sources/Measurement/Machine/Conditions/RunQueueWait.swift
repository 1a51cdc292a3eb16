// SPDX-License-Identifier: Apache-2.0

/// How long a thread that never blocks is kept waiting for its processor.
enum RunQueueWait {
    /// Above this share of the time, others preempt what is measured.
    static let limit = 0.01

    /// Spins on the processor, and returns the share of the time in which this thread waited for it; nil if the kernel
    /// does not tell.
    static func share(spinningFor nanoseconds: UInt64) -> Double? {
        let start = MonotonicClock.now()
        guard let before = RunQueueTimes.ofThisThread() else { return nil }
        _ = SpeedYardstick.samples(for: nanoseconds)
        guard let after = RunQueueTimes.ofThisThread() else { return nil }
        return share(from: before, to: after, elapsed: MonotonicClock.now() - start)
    }

    /// The share of an interval; nil for an interval without length, or if the times went backwards.
    static func share(from start: RunQueueTimes, to end: RunQueueTimes, elapsed: UInt64) -> Double? {
        guard elapsed > 0, end.waiting >= start.waiting else { return nil }
        return min(1, Double(end.waiting - start.waiting) / Double(elapsed))
    }

    static func condition(_ share: Double?) -> Condition {
        guard let share else {
            return .unknown(name, "/proc/thread-self/schedstat has no times: the kernel was built without SCHED_INFO.")
        }
        let value = "\(Decimals.percent(share)) of a spinning thread's time"
        guard share > limit else { return .fine(name, value) }
        return .widens(name, value, "Other threads take turns on the measured CPU: stop them, or choose with '--cpus'.")
    }

    private static let name = "run-queue wait"
}
