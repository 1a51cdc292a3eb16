// SPDX-License-Identifier: Apache-2.0

/// The time in which this virtual machine could have run, but the hypervisor ran another.
enum StealTime {
    /// Above this share, the loss is as large as the differences that a run looks for.
    static let limit = 0.01

    static func condition(_ activity: CPUActivity?) -> Condition {
        guard let activity else {
            return .unknown(name, "/proc/stat does not list the allowed CPUs: ask the host for its load.")
        }
        let value = "\(Decimals.percent(activity.stolen)) of the allowed CPUs' time"
        guard activity.stolen > limit else { return .fine(name, value) }
        return .widens(
            name,
            value,
            "The host is shared: measure at another hour, or on a machine with dedicated CPUs."
        )
    }

    private static let name = "steal time"
}
