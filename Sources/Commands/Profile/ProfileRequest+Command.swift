// SPDX-License-Identifier: Apache-2.0

import Harness
import Measurement
import Tasklets
import Workloads

extension ProfileRequest {
    /// Checks the arguments; touches nothing else.
    ///
    /// - Throws: ``UsageError`` for the first argument that cannot be used.
    init(_ command: ProfileCommand, allowedCPUs: CPUSet) throws {
        var (name, sides) = (command.workload, command.diff)
        // --diff also consumes a workload after its two values.
        if name == nil, sides.count == 3 { name = sides.popLast() }
        guard let name else {
            if let last = sides.last, Workloads.named(last) != nil { throw UsageError.sides(sides[0]) }
            throw UsageError("bench profile needs a workload or --self-test; 'bench list' lists the workloads")
        }
        let workload = try Selection.workload(name)
        let variants = try sides.isEmpty ? [Self.variant(command)] : Self.sides(sides, command)
        let settings = try Settings(command.measurement.settings, for: [workload])
        let cpus = try Selection.cpus(command.measurement.cpus, allowed: allowedCPUs)
        let values = try settings.values(for: workload, command: "bench profile")
        self.init(
            cells: variants.map { $0.cell(workload, values, cpus: cpus) },
            plan: SamplingPlan(
                frequency: try command.checkedFrequency(),
                duration: try command.checkedDuration() ?? 10
            )
        )
    }

    private static func variant(_ command: ProfileCommand) throws -> SchedulerVariant {
        try .one(backend: command.backend.name, switching: command.switching.switching, for: "bench profile")
    }

    private static func sides(_ names: [String], _ command: ProfileCommand) throws -> [SchedulerVariant] {
        guard names.count == 2 else { throw UsageError.sides(names.joined(separator: " ")) }
        return try names.map { try side($0, command) }
    }

    /// A side of `--diff`; `--backend` and `--switching` supply what it does not name.
    private static func side(_ name: String, _ command: ProfileCommand) throws -> SchedulerVariant {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, !parts.contains("") else { throw UsageError.sides(name) }
        let isSwitching = Switching(rawValue: name) != nil
        return try .one(
            backend: isSwitching ? command.backend.name : parts[0],
            switching: isSwitching ? name : parts.count == 2 ? parts[1] : command.switching.switching,
            for: "each value of --diff"
        )
    }
}

extension UsageError {
    fileprivate static func sides(_ text: String) -> UsageError {
        .invalid("--diff", text, expected: "two values A B, each a backend, a switching, or BACKEND/SWITCHING")
    }
}
