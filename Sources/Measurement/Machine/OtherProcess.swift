// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What the kernel knows of another process of the same user.
package struct OtherProcess: Sendable {
    private let process: pid_t

    /// Refers to a process by its number; one that has ended has used nothing.
    package init(_ process: Int32) { self.process = process }

    /// The processor time of all of its threads, in nanoseconds, to the moment.
    package var cpuTime: UInt64 {
        var clock = clockid_t()
        var time = timespec()
        guard clock_getcpuclockid(process, &clock) == 0, clock_gettime(clock, &time) == 0 else { return 0 }
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// How long its first thread has waited for a processor, in nanoseconds; zero where the kernel does not count that.
    package var waited: UInt64 {
        ProcFile.text(of: "/proc/\(process)/schedstat").flatMap(RunQueueTimes.init(schedstat:))?.waiting ?? 0
    }

    /// Its peak resident set size, in bytes; nil if it has ended.
    package var peakResident: UInt64? { ProcessMemory.peakResident(of: "\(process)") }
}
