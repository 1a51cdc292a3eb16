// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// The processor time of the load generator's threads, which is no part of what the measured scheduler costs.
///
/// A thread has its clock for as long as it runs, and takes the lock before it ends; so a clock that is read with the
/// lock held exists.
final class LoadMeter: Sendable {
    private struct State {
        var running: [clockid_t] = []
        var ended: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Runs a body on the calling thread, whose processor time counts meanwhile.
    func measure<R>(_ body: () throws -> R) rethrows -> R {
        var clock = clockid_t()
        pthread_getcpuclockid(pthread_self(), &clock)
        // What the thread did before is nothing to speak of: it has just started.
        state.withLock { $0.running.append(clock) }
        defer {
            state.withLock { state in
                state.running.removeAll { $0 == clock }
                state.ended += Self.time(of: clock)
            }
        }
        return try body()
    }

    /// The time so far, in nanoseconds.
    func now() -> UInt64 { state.withLock { state in state.running.reduce(state.ended) { $0 + Self.time(of: $1) } } }

    private static func time(of clock: clockid_t) -> UInt64 {
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { return 0 }
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
