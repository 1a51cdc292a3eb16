// SPDX-License-Identifier: Apache-2.0

/// Whether processors exceed their nominal frequency while heat and their neighbours permit.
enum FrequencyBoost {
    // The kernel's switches. Intel's driver has one of its own, which says the opposite.
    private static let noTurbo = "/sys/devices/system/cpu/intel_pstate/no_turbo"
    private static let boost = "/sys/devices/system/cpu/cpufreq/boost"

    static func observe() -> Condition {
        condition(noTurbo: ProcFile.line(of: noTurbo), boost: ProcFile.line(of: boost))
    }

    /// - Parameters:
    ///   - noTurbo: the line of `intel_pstate/no_turbo`, nil without that file.
    ///   - boost: the line of `cpufreq/boost`, nil without that file.
    static func condition(noTurbo: String?, boost: String?) -> Condition {
        switch (noTurbo, boost) {
        case ("0", _): .widens(name, "on", "Run 'echo 1 | sudo tee \(Self.noTurbo)' before measuring.")
        case ("1", _), (_, "0"): .fine(name, "off")
        case (_, "1"): .widens(name, "on", "Run 'echo 0 | sudo tee \(Self.boost)' before measuring.")
        default: .unknown(name, "The kernel has no switch for it, as in most virtual machines; see the two speeds.")
        }
    }

    private static let name = "frequency boost"
}
