// SPDX-License-Identifier: Apache-2.0

/// What some processors did between two readings of ``CPUTimes``.
struct CPUActivity: Sendable, Equatable {
    /// How many processors.
    let cpus: Int
    /// The processors kept busy, on average: 0.9 of 2.
    let busy: Double
    /// The share of their time that the hypervisor gave to others.
    let stolen: Double

    /// The activity of a set of processors; nil if none of them is in both readings, or no time has passed.
    init?(from start: [Int: CPUTimes], to end: [Int: CPUTimes], of set: CPUSet) {
        var sum = CPUTimes(busy: 0, idle: 0, stolen: 0)
        var count = 0
        for number in set.numbers {
            guard let before = start[number], let after = end[number] else { continue }
            // The kernel's idle time may go backwards by a tick.
            sum.busy += max(0, after.busy - before.busy)
            sum.idle += max(0, after.idle - before.idle)
            sum.stolen += max(0, after.stolen - before.stolen)
            count += 1
        }
        let total = sum.busy + sum.idle + sum.stolen
        guard total > 0 else { return nil }
        cpus = count
        busy = sum.busy / total * Double(count)
        stolen = sum.stolen / total
    }

    /// The processors kept busy by other processes.
    ///
    /// - Parameters:
    ///   - own: this process's processor time between the readings, in nanoseconds.
    ///   - elapsed: nanoseconds between the readings.
    func busyByOthers(own: UInt64, elapsed: UInt64) -> Double {
        guard elapsed > 0 else { return 0 }
        return min(Double(cpus), max(0, busy - Double(own) / Double(elapsed)))
    }
}
