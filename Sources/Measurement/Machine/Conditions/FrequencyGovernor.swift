// SPDX-License-Identifier: Apache-2.0

/// Who chooses the processors' frequency: every governor but `performance` changes it with the load.
enum FrequencyGovernor {
    static func observe(_ cpus: CPUSet) -> Condition {
        condition(cpus.numbers.compactMap { ProcFile.line(of: "\(Sysfs.cpu($0))/cpufreq/scaling_governor") })
    }

    /// - Parameter governors: those of the allowed CPUs.
    static func condition(_ governors: [String]) -> Condition {
        guard !governors.isEmpty else {
            return .unknown(name, "There is no cpufreq, as in most virtual machines; see the two speeds instead.")
        }
        let value = governors.unique.joined(separator: ", ")
        guard governors.contains(where: { $0 != "performance" }) else { return .fine(name, value) }
        return .widens(
            name,
            value,
            "Run 'sudo cpupower frequency-set -g performance' (Debian package linux-cpupower)."
        )
    }

    private static let name = "frequency governor"
}
