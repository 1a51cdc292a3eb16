// SPDX-License-Identifier: Apache-2.0

/// What a processor has done since the machine started, in the kernel's clock ticks.
///
/// Floating point, because sums of it cannot overflow, whatever a file contains.
struct CPUTimes: Sendable, Equatable {
    /// Ticks in programs, in the kernel and in interrupts.
    var busy: Double
    /// Ticks without anything to run.
    var idle: Double
    /// Ticks in which the hypervisor ran something else.
    var stolen: Double

    /// The times of every processor, by its number, from the text of `/proc/stat`; lines of another format are skipped.
    static func perCPU(in text: String) -> [Int: CPUTimes] {
        var times: [Int: CPUTimes] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("cpu") {
            let fields = line.split(separator: " ")
            // The sum over all processors has no number.
            guard let number = Int(fields[0].dropFirst(3)), let own = CPUTimes(fields.dropFirst()) else { continue }
            times[number] = own
        }
        return times
    }

    /// The times of every processor now; empty if `/proc/stat` cannot be read.
    static func now() -> [Int: CPUTimes] { ProcFile.text(of: "/proc/stat").map(perCPU) ?? [:] }
}

extension CPUTimes {
    // The fields are user, nice, system, idle, iowait, irq, softirq and steal; guest time is part of user time.
    fileprivate init?(_ fields: ArraySlice<Substring>) {
        let ticks = fields.map { UInt64($0).map { Double($0) } }
        guard ticks.count >= 4, !ticks.contains(nil) else { return nil }
        let at = { (index: Int) in index < ticks.count ? ticks[index] ?? 0 : 0 }
        busy = at(0) + at(1) + at(2) + at(5) + at(6)
        idle = at(3) + at(4)
        stolen = at(7)
    }
}
