// SPDX-License-Identifier: Apache-2.0

/// Places below `/sys`.
enum Sysfs {
    /// The folder of a processor.
    static func cpu(_ number: Int) -> String { "/sys/devices/system/cpu/cpu\(number)" }
}
