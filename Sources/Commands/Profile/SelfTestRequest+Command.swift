// SPDX-License-Identifier: Apache-2.0

import Backends
import Harness
import Measurement

extension SelfTestRequest {
    /// Checks the arguments; touches nothing else.
    ///
    /// - Throws: ``UsageError`` for the first argument that cannot be used.
    init(_ command: ProfileCommand, allowedCPUs: CPUSet) throws {
        try Self.refuse(command)
        let switching = command.switching.switching
        let all = try SchedulerVariant.list(backends: command.backend.backend, switchings: switching)
        self.init(
            // Each backend with its default switching, unless one is given.
            variants: switching == nil ? all.filter { $0.switching == $0.backend.switchings.first } : all,
            cpus: try Selection.cpus(command.measurement.cpus, allowed: allowedCPUs),
            frequency: try command.checkedFrequency(),
            duration: try command.checkedDuration() ?? 20
        )
    }

    /// Throws for the arguments that have no meaning beside `--self-test`.
    private static func refuse(_ command: ProfileCommand) throws {
        if let workload = command.workload {
            throw UsageError("'\(workload)' cannot be combined with --self-test, which has its own workload")
        }
        if !command.measurement.settings.isEmpty { throw UsageError("--set cannot be combined with --self-test") }
        if command.measurement.output != nil {
            throw UsageError("--output cannot be combined with --self-test, which writes no files")
        }
        if !command.diff.isEmpty { throw UsageError("--diff cannot be combined with --self-test") }
    }
}
