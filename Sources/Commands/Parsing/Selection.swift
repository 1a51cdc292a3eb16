// SPDX-License-Identifier: Apache-2.0

import Harness
import Measurement
import Workloads

/// Workloads and processors, as named on the command line.
enum Selection {
    /// The workload with a name.
    ///
    /// - Parameter others: names of other things that the user may have meant.
    static func workload(_ name: String, orElse others: [String] = []) throws -> Workload {
        guard let workload = Workloads.named(name) else {
            throw UsageError.unknown("workload", name, known: Workloads.listed.map(\.name), orElse: others)
        }
        return workload
    }

    /// The processors in a list; without a list the last allowed one, because the first usually serves interrupts.
    ///
    /// - Parameter count: how many of them; nil for all in the list.
    static func cpus(_ text: String?, allowed: CPUSet, count: Int? = nil) throws -> CPUSet {
        let all = try text.map { try cpus(in: $0, allowed: allowed) } ?? allowed
        guard let count = count ?? (text == nil ? 1 : nil) else { return all }
        guard count <= all.numbers.count else {
            throw UsageError.invalid("--workers", "\(count)", expected: "at most as many as the CPUs \(all.list)")
        }
        return CPUSet(all.numbers.suffix(count))
    }

    private static func cpus(in text: String, allowed: CPUSet) throws -> CPUSet {
        guard let cpus = CPUSet(list: text) else {
            throw UsageError.invalid("--cpus", text, expected: "a list such as 0,2-3")
        }
        guard let missing = cpus.numbers.first(where: { !allowed.numbers.contains($0) }) else { return cpus }
        throw UsageError.invalid("--cpus", "\(missing)", expected: "CPUs that this process may use: \(allowed.list)")
    }
}
