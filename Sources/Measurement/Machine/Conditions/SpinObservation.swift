// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What a thread that only computes experiences in half a second, and what others do on the processors meanwhile.
struct SpinObservation: Sendable {
    /// The activity of the allowed processors; nil if the kernel does not tell.
    let activity: CPUActivity?
    /// How many of them other processes kept busy; nil if the kernel does not tell.
    let busyByOthers: Double?
    /// The share of its time in which the thread waited for its processor; nil if the kernel does not tell.
    let waitShare: Double?
    /// The speeds of the processor; nil if the thread got too little of it.
    let modes: SpeedModes?

    /// The conditions that follow, in the order of a report.
    var conditions: [Condition] {
        [
            StealTime.condition(activity), OtherProcesses.condition(busy: busyByOthers, cpus: activity?.cpus ?? 0),
            RunQueueWait.condition(waitShare), SpeedModes.condition(modes),
        ]
    }

    /// Spins on the last allowed processor, where trials run by default, and then waits.
    ///
    /// The thread is free to use every allowed processor again afterwards.
    static func make() -> SpinObservation {
        let allowed = CPUSet.allowed()
        _ = CPUSet(allowed.numbers.suffix(1)).pinCurrentThread()
        defer { _ = allowed.pinCurrentThread() }

        let start = MonotonicClock.now()
        let times = CPUTimes.now()
        let usage = ProcessUsage.now()
        let modes = SpeedModes(SpeedYardstick.samples(for: 300_000_000))
        let waitShare = RunQueueWait.share(spinningFor: 50_000_000)
        let spent = MonotonicClock.now() - start
        if spent < interval { usleep(UInt32((interval - spent) / 1_000)) }
        let own = ProcessUsage.now() - usage
        let activity = CPUActivity(from: times, to: CPUTimes.now(), of: allowed)
        let elapsed = MonotonicClock.now() - start

        return SpinObservation(
            activity: activity,
            busyByOthers: activity?.busyByOthers(own: own.cpuTime, elapsed: elapsed),
            waitShare: waitShare,
            modes: modes
        )
    }

    /// In nanoseconds; long compared with the kernel's ticks, in which it counts processor time.
    private static let interval: UInt64 = 500_000_000
}
