// SPDX-License-Identifier: Apache-2.0

/// The processors that this process may use.
enum AllowedCPUs {
    static func condition(_ allowed: CPUSet) -> Condition {
        switch allowed.numbers.count {
        case 0: .unknown(name, "The kernel refuses to tell this process's affinity mask.")
        case 1:
            .widens(
                name,
                "1 (CPU \(allowed.list))",
                "A load generator and its server share this CPU: allow a second one in 'taskset' or the container."
            )
        default: .fine(name, "\(allowed.numbers.count) (CPUs \(allowed.list))")
        }
    }

    private static let name = "allowed CPUs"
}
