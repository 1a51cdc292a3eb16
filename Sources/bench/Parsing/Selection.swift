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
            throw UsageError.unknown("workload", name, known: Workloads.all.map(\.name), orElse: others)
        }
        return workload
    }

    /// The processors in a list; without a list the last allowed ones, because the first usually serves interrupts.
    static func cpus(_ text: String?, allowed: CPUSet, count: Int = 1) throws -> CPUSet {
        guard let text else { return CPUSet(allowed.numbers.suffix(count)) }
        guard let cpus = CPUSet(list: text) else {
            throw UsageError.invalid("--cpus", text, expected: "a list such as 0,2-3")
        }
        guard let missing = cpus.numbers.first(where: { !allowed.numbers.contains($0) }) else { return cpus }
        throw UsageError.invalid("--cpus", "\(missing)", expected: "CPUs that this process may use: \(allowed.list)")
    }
}
