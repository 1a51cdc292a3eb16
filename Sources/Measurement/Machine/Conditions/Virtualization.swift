// SPDX-License-Identifier: Apache-2.0

/// Whether this machine is virtual.
enum Virtualization {
    static func observe() -> Condition { condition(monitor()) }

    /// The virtual machine monitor, "none", or nil if the machine does not report it.
    static func monitor() -> String? {
        monitor(
            cpuInfo: ProcFile.text(of: "/proc/cpuinfo") ?? "",
            vendor: ProcFile.line(of: "/sys/class/dmi/id/sys_vendor")
        )
    }

    /// The monitor according to the text of `/proc/cpuinfo`, whose flags name one only on x86; then the vendor of the
    /// machine says which.
    static func monitor(cpuInfo: String, vendor: String?) -> String? {
        let flags = (ProcFile.value(of: "flags", in: cpuInfo) ?? "").split(separator: " ")
        guard !flags.isEmpty else { return nil }
        return flags.contains("hypervisor") ? vendor ?? "a virtual machine" : "none"
    }

    static func condition(_ monitor: String?) -> Condition {
        guard let monitor else {
            return .unknown(name, "/proc/cpuinfo does not tell on this architecture; see 'systemd-detect-virt'.")
        }
        guard monitor != "none" else { return .fine(name, monitor) }
        return .widens(
            name,
            monitor,
            "Others may share its CPUs, caches and memory: prefer bare metal, or a machine with dedicated CPUs."
        )
    }

    private static let name = "virtualization"
}
