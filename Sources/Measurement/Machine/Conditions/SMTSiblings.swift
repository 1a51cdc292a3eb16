// SPDX-License-Identifier: Apache-2.0

/// Allowed processors that share a core, and so slow each other down.
enum SMTSiblings {
    static func observe(_ allowed: CPUSet) -> Condition {
        condition(
            allowed.numbers.map { number in
                ProcFile.line(of: "\(Sysfs.cpu(number))/topology/thread_siblings_list").flatMap { CPUSet(list: $0) }
            }
        )
    }

    /// - Parameter siblings: for each allowed processor, all of its core; nil where the kernel does not tell.
    static func condition(_ siblings: [CPUSet?]) -> Condition {
        let cores = siblings.compactMap(\.self)
        guard !cores.isEmpty, cores.count == siblings.count else {
            return .unknown(name, "The kernel does not tell which CPUs share a core; ask the host, or see 'lscpu -e'.")
        }
        let shared = cores.filter { $0.numbers.count > 1 }.map(\.list).unique
        guard !shared.isEmpty else { return .fine(name, "none: each of the allowed CPUs has its core") }
        return .widens(
            name,
            "one core: CPUs " + shared.joined(separator: "; "),
            "Measure on one CPU of each core with 'taskset' and '--cpus', and keep its siblings idle."
        )
    }

    private static let name = "SMT siblings"
}
