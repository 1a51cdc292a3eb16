// SPDX-License-Identifier: Apache-2.0

/// The processor time that a control group allows: when it is used up, the kernel stops every thread until the next
/// period, which is up to 100 ms later.
enum CPUQuota {
    static func observe(_ groups: ControlGroups?, cpus: Int) -> Condition {
        guard let groups else { return condition(nil, cpus: cpus) }
        let new = groups.lines(of: "cpu.max", controller: "cpu").compactMap(self.cpus)
        let old = groups.folders(of: "cpu").compactMap { folder in
            ProcFile.line(of: "\(folder)/cpu.cfs_quota_us").flatMap { quota in
                ProcFile.line(of: "\(folder)/cpu.cfs_period_us").flatMap { self.cpus(quota: quota, period: $0) }
            }
        }
        // The root group of version 2 has no such file, and no limit.
        return condition((new + old).min() ?? (ControlGroups.areVisible() ? .infinity : nil), cpus: cpus)
    }

    /// The CPUs that the line of a `cpu.max` allows, such as `150000 100000` or `max 100000`; infinity for no limit, nil
    /// for another format.
    static func cpus(max line: String) -> Double? {
        let fields = line.split(separator: " ")
        guard fields.count == 2 else { return nil }
        return fields[0] == "max" ? .infinity : cpus(quota: String(fields[0]), period: String(fields[1]))
    }

    /// The CPUs that the two files of version 1 allow, both in microseconds; a quota of -1 is no limit.
    static func cpus(quota: String, period: String) -> Double? {
        guard let quota = Int(quota), let period = Int(period), period > 0 else { return nil }
        return quota < 0 ? .infinity : Double(quota) / Double(period)
    }

    /// - Parameters:
    ///   - quota: in CPUs; infinity for no limit, nil if the kernel does not tell.
    ///   - cpus: how many this process may use.
    static func condition(_ quota: Double?, cpus: Int) -> Condition {
        guard let quota else {
            return .unknown(name, "No control group can be seen: ask what starts this container for its CPU limit.")
        }
        guard quota.isFinite else { return .fine(name, "none") }
        let value = "\(Decimals.text(quota, places: 2)) CPUs"
        guard quota < Double(cpus) else { return .fine(name, value) }
        return .widens(
            name,
            value,
            "The container stops when this is used up: raise its CPU limit to \(cpus), or allow it fewer CPUs."
        )
    }

    private static let name = "CPU quota"
}
