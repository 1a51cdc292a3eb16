// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The kernel's monotonic clock, in whole nanoseconds.
package enum MonotonicClock {
    /// Nanoseconds since an arbitrary fixed instant; never decreases.
    package static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    /// The duration of a closure, in nanoseconds.
    package static func time(_ body: () throws -> Void) rethrows -> UInt64 {
        let start = now()
        try body()
        return now() - start
    }
}
