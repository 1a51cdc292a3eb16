// SPDX-License-Identifier: Apache-2.0

import Glibc

/// How many tasks ran or waited to run, on average over the last minute, on the whole machine.
enum LoadAverage {
    /// Above this load per CPU, others run beside the measurements.
    static let limit = 0.25

    static func observe() -> Condition {
        condition(ProcFile.text(of: "/proc/loadavg").flatMap(lastMinute), cpus: onlineCPUs())
    }

    /// The average of the last minute, from the text of `/proc/loadavg`; nil if it is not in that format.
    static func lastMinute(in text: String) -> Double? {
        guard let first = text.split(whereSeparator: \.isWhitespace).first, let load = Double(first), load.isFinite,
            load >= 0
        else { return nil }
        return load
    }

    static func condition(_ load: Double?, cpus: Int) -> Condition {
        guard let load, cpus > 0 else {
            return .unknown(name, "/proc/loadavg cannot be read: look for other programs with 'top'.")
        }
        let value = "\(Decimals.text(load, places: 2)) on \(cpus) \(cpus == 1 ? "CPU" : "CPUs")"
        guard load / Double(cpus) > limit else { return .fine(name, value) }
        let goal = Decimals.text(limit * Double(cpus), places: 2)
        return .widens(name, value, "Stop other programs, or wait until the load of the last minute is below \(goal).")
    }

    /// The processors that the load is spread over, whichever of them this process may use.
    static func onlineCPUs() -> Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }

    private static let name = "load average"
}
