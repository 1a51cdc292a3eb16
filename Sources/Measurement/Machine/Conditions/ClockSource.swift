// SPDX-License-Identifier: Apache-2.0

/// What the kernel's clock reads: with some sources, every reading is a system call and an access to a slow device.
enum ClockSource {
    static func observe() -> Condition {
        condition(ProcFile.line(of: "/sys/devices/system/clocksource/clocksource0/current_clocksource"))
    }

    static func condition(_ source: String?) -> Condition {
        guard let source else {
            return .unknown(name, "The kernel does not name it; see the cost of a clock read in the calibration.")
        }
        guard slow.contains(source) else { return .fine(name, source) }
        return .widens(
            name,
            source,
            "A clock read takes about a microsecond: see whether 'dmesg' tells why the kernel does not use the TSC."
        )
    }

    private static let slow = ["acpi_pm", "hpet", "jiffies", "refined-jiffies", "pit"]
    private static let name = "clock source"
}
