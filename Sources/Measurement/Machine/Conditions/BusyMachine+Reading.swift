// SPDX-License-Identifier: Apache-2.0

extension BusyMachine {
    /// The kernel's counters at one moment.
    ///
    /// Reads four small files, in less than a millisecond.
    package struct Reading: Sendable, Equatable {
        /// Nanoseconds of the monotonic clock.
        var time: UInt64
        /// The processors that this process may use.
        var allowed: CPUSet
        /// What they have done since the machine started.
        var times: [Int: CPUTimes]
        /// The load of the last minute per online processor; nil if the kernel does not tell.
        var load: Double?
        /// The share of the last ten seconds in which some task waited for a processor; nil if the kernel does not tell.
        var pressure: Double?
        /// The processor time of this process, and of its children that have ended and been waited for, in nanoseconds.
        var cpuTime: UInt64

        /// Reads the counters.
        ///
        /// Read once more after the children of a run have been waited for: until then, they count as other processes.
        package static func now() -> Reading {
            let load = ProcFile.text(of: "/proc/loadavg").flatMap(LoadAverage.lastMinute)
            return Reading(
                time: MonotonicClock.now(),
                allowed: .allowed(),
                times: CPUTimes.now(),
                load: load.map { $0 / Double(max(1, LoadAverage.onlineCPUs())) },
                pressure: ProcFile.text(of: CPUPressure.path).flatMap(CPUPressure.lastTenSeconds),
                cpuTime: ProcessUsage.now().cpuTime &+ ProcessUsage.ofEndedChildren().cpuTime
            )
        }
    }
}
