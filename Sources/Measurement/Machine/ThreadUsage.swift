// SPDX-License-Identifier: Apache-2.0

import Glibc

/// How long the calling thread has waited for a processor.
package struct ThreadUsage: Sendable {
    private let thread: pthread_t
    private let wait: UInt64

    /// The total since the thread started; a kernel that does not count it counts zero.
    package static func now() -> ThreadUsage {
        ThreadUsage(thread: pthread_self(), wait: UInt64(RunQueueTimes.ofThisThread()?.waiting ?? 0))
    }

    /// The wait between two readings, in nanoseconds; zero where they come from different threads, which says nothing.
    package func waited(since earlier: ThreadUsage) -> UInt64 {
        thread == earlier.thread && wait > earlier.wait ? wait - earlier.wait : 0
    }
}
