// SPDX-License-Identifier: Apache-2.0

/// Whether every process gets its own layout of addresses.
///
/// A layout by itself makes a program faster or slower by several percent. With random ones that is noise, which more
/// processes average out. With one fixed layout, every process has the same error, which no interval shows.
enum AddressLayout {
    static func observe() -> Condition {
        condition(
            setting: ProcFile.line(of: "/proc/sys/kernel/randomize_va_space"),
            personality: ProcFile.line(of: "/proc/self/personality")
        )
    }

    /// - Parameters:
    ///   - setting: the kernel's, from 0 for none to 2 for everything.
    ///   - personality: this process's execution domain, in hexadecimal digits, which children inherit.
    static func condition(setting: String?, personality: String?) -> Condition {
        guard let setting, let level = Int(setting), (0...2).contains(level) else {
            return .unknown(name, "/proc/sys/kernel/randomize_va_space cannot be read; see 'sysctl kernel'.")
        }
        guard level > 0 else {
            return .widens(
                name,
                "fixed by the kernel",
                "All processes share one layout's error: run 'sudo sysctl kernel.randomize_va_space=2'."
            )
        }
        guard let personality, let flags = UInt64(personality, radix: 16) else {
            return .unknown(name, "/proc/self/personality cannot be read; 'setarch' without '-R' randomizes.")
        }
        guard flags & fixedLayout == 0 else {
            return .widens(name, "fixed for this process", "All processes share one layout's error: omit 'setarch -R'.")
        }
        return .fine(name, level == 1 ? "random, except for the heap" : "random in each process")
    }

    // ADDR_NO_RANDOMIZE.
    private static let fixedLayout: UInt64 = 0x40000
    private static let name = "address layout"
}
