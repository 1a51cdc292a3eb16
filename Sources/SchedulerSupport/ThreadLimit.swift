// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// How many threads a process can have before the kernel refuses a mapping to it.
///
/// Past that point the kernel refuses memory too, and code that does not expect it fails.
package enum ThreadLimit {
    /// A thread's stack and its guard are two mappings; a tenth is left for everything else.
    package static let threads: Int = {
        let mappings = number(in: "/proc/sys/vm/max_map_count") ?? 65_530
        let processes = number(in: "/proc/sys/kernel/pid_max") ?? 32_768
        return min(mappings / 2, processes) / 10 * 9
    }()

    private static func number(in path: String) -> Int? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var value = 0
        return withUnsafeMutablePointer(to: &value) { pointer in
            withVaList([pointer]) { vfscanf(file, "%ld", $0) }
        } == 1 ? value : nil
    }
}
