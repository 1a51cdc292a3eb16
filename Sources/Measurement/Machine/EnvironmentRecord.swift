// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The machine and the build that produced the figures: `environment.json`.
///
/// A value of "unknown" means that the machine does not report it.
package struct EnvironmentRecord: Sendable, Equatable, Codable {
    /// When the run started, in ISO 8601, UTC.
    package var date: String
    /// The host name.
    package var host: String
    /// The processor's model.
    package var cpuModel: String
    /// The processors in this process's affinity mask, in the kernel's list format.
    package var cpus: String
    /// The instruction set.
    package var architecture: String
    /// The kernel's name and release.
    package var kernel: String
    /// The virtual machine monitor, "none", or "unknown".
    package var virtualization: String
    /// The frequency governor of the first processor.
    package var governor: String
    /// The kernel's clock source.
    package var clockSource: String
    /// Main memory, in bytes.
    package var memory: UInt64
    /// The kernel's load averages at the start.
    package var loadBefore: String
    /// The kernel's load averages at the end; nil before the end.
    package var loadAfter: String?
    /// The compiler's version.
    package var swift: String
    /// "release" or "debug".
    package var build: String
    /// The commit, with a "-dirty" suffix if files differ from it.
    package var commit: String
    /// The exact versions of the package's dependencies, by name; nil in records older than this field.
    package var dependencies: [String: String]?

    /// Records the current state of the machine; the caller passes in what only other programs or the build know.
    package static func record(
        date: String,
        swift: String,
        build: String,
        commit: String,
        dependencies: [String: String]
    ) -> EnvironmentRecord {
        let cpuInfo = ProcFile.text(of: "/proc/cpuinfo") ?? ""
        var names = utsname()
        uname(&names)
        return EnvironmentRecord(
            date: date,
            host: string(names.nodename),
            cpuModel: ProcFile.value(of: "model name", in: cpuInfo) ?? unknown,
            cpus: CPUSet.allowed().list,
            architecture: string(names.machine),
            kernel: "\(string(names.sysname)) \(string(names.release))",
            virtualization: Virtualization.monitor() ?? unknown,
            governor: ProcFile.line(of: "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor") ?? unknown,
            clockSource: ProcFile.line(of: "/sys/devices/system/clocksource/clocksource0/current_clocksource")
                ?? unknown,
            memory: UInt64(sysconf(Int32(_SC_PHYS_PAGES))) * UInt64(sysconf(Int32(_SC_PAGESIZE))),
            loadBefore: load(),
            swift: swift,
            build: build,
            commit: commit,
            dependencies: dependencies
        )
    }

    /// The kernel's load averages now.
    package static func load() -> String { ProcFile.line(of: "/proc/loadavg") ?? unknown }

    private static let unknown = "unknown"

    private static func string<Characters>(_ characters: Characters) -> String {
        withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
