// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The resources that the kernel has charged to this process.
package struct ProcessUsage: Sendable, Equatable {
    /// Processor time in user and kernel mode, in nanoseconds.
    package var cpuTime: UInt64
    /// Context switches because a thread blocked.
    package var voluntarySwitches: UInt64
    /// Context switches because the kernel preempted a thread.
    package var involuntarySwitches: UInt64
    /// Page faults that needed no I/O.
    package var minorFaults: UInt64
    /// Page faults that needed I/O.
    package var majorFaults: UInt64

    private init(
        cpuTime: UInt64,
        voluntarySwitches: UInt64,
        involuntarySwitches: UInt64,
        minorFaults: UInt64,
        majorFaults: UInt64
    ) {
        self.cpuTime = cpuTime
        self.voluntarySwitches = voluntarySwitches
        self.involuntarySwitches = involuntarySwitches
        self.minorFaults = minorFaults
        self.majorFaults = majorFaults
    }

    /// Creates one of which only the processor time is known, in nanoseconds.
    package init(cpuTime: UInt64) {
        self.init(cpuTime: cpuTime, voluntarySwitches: 0, involuntarySwitches: 0, minorFaults: 0, majorFaults: 0)
    }

    /// The totals since the process started.
    package static func now() -> ProcessUsage { charged(to: RUSAGE_SELF) }

    /// The totals of the children that have ended and been waited for, and of theirs.
    package static func ofEndedChildren() -> ProcessUsage { charged(to: RUSAGE_CHILDREN) }

    private static func charged(to processes: __rusage_who) -> ProcessUsage {
        var usage = rusage()
        getrusage(__rusage_who_t(processes.rawValue), &usage)
        return ProcessUsage(
            cpuTime: nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime),
            voluntarySwitches: UInt64(usage.ru_nvcsw),
            involuntarySwitches: UInt64(usage.ru_nivcsw),
            minorFaults: UInt64(usage.ru_minflt),
            majorFaults: UInt64(usage.ru_majflt)
        )
    }

    /// The usage between two readings.
    package static func - (later: ProcessUsage, earlier: ProcessUsage) -> ProcessUsage {
        ProcessUsage(
            cpuTime: later.cpuTime - earlier.cpuTime,
            voluntarySwitches: later.voluntarySwitches - earlier.voluntarySwitches,
            involuntarySwitches: later.involuntarySwitches - earlier.involuntarySwitches,
            minorFaults: later.minorFaults - earlier.minorFaults,
            majorFaults: later.majorFaults - earlier.majorFaults
        )
    }

    private static func nanoseconds(_ time: timeval) -> UInt64 {
        UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_usec) * 1_000
    }
}

/// The memory of this process, in bytes.
package enum ProcessMemory {
    /// The resident set size; nil if `/proc` cannot be read.
    ///
    /// Read from `smaps_rollup`, which counts pages; `statm` is cheaper, but lags by dozens of pages per processor.
    package static func resident() -> UInt64? {
        if let text = ProcFile.text(of: "/proc/self/smaps_rollup"), let exact = kibibytes("Rss", in: text) {
            return exact
        }
        let fields = ProcFile.line(of: "/proc/self/statm")?.split(separator: " ") ?? []
        guard fields.count > 1, let pages = UInt64(fields[1]) else { return nil }
        return pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// The peak resident set size; nil if `/proc` cannot be read.
    package static func peakResident() -> UInt64? { peakResident(of: "self") }

    /// That of a process in `/proc`.
    static func peakResident(of process: String) -> UInt64? {
        ProcFile.text(of: "/proc/\(process)/status").flatMap { kibibytes("VmHWM", in: $0) }
    }

    private static func kibibytes(_ key: String, in text: String) -> UInt64? {
        guard let value = ProcFile.value(of: key, in: text)?.split(separator: " ").first.flatMap({ UInt64($0) }) else {
            return nil
        }
        return value * 1_024
    }
}
