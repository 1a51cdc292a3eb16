// SPDX-License-Identifier: Apache-2.0

import Backends
import Glibc
package import Measurement
import Reports
import Tasklets
import Workloads

/// A load generator's process: performs the loads that a trial asks for on standard input, until that ends.
///
/// Its scheduler is the same for every measured one, so that only the measured side differs. Waiting for standard input
/// blocks its thread: no tasklet has anything to do then.
///
///     trial:      LoadProgram              start
///     generator:                connected           finished   result, latencies
package enum LoadServer {
    /// Serves on some processors.
    ///
    /// - Throws: ``SchedulerError`` if the scheduler cannot be created.
    package static func run(cpus: CPUSet) throws {
        // If the kernel refuses, the load runs beside the measured side: slower, but right.
        _ = cpus.pinCurrentThread()
        DescriptorLimit.raise()
        let scheduler = try Backend.epoll.makeScheduler()
        let trial = LoadSocket(STDIN_FILENO)
        while let line = trial.line() {
            do {
                let program = try JSONText.value(LoadProgram.self, from: line)
                try scheduler.run { try await perform(program, for: trial) }
            } catch {
                let isShortage = (error as? SchedulerError)?.isShortage == true
                try send(.failed("\(error)", isShortage: isShortage), to: trial)
            }
        }
    }

    private static func perform(_ program: LoadProgram, for trial: LoadSocket) async throws {
        let load = try await program.connect()
        try send(.connected, to: trial)
        guard trial.line() == LoadOrder.start else { return }
        let start = ProcessUsage.now()
        let result = try await load()
        try send(.finished(processorTime: (ProcessUsage.now() - start).cpuTime), to: trial)
        let counts = LoadReply.result(
            right: result.right,
            latencies: result.latency.count,
            uncorrected: result.uncorrected.count
        )
        trial.send(try JSONText.line(counts), result.latency + result.uncorrected)
    }

    private static func send(_ reply: LoadReply, to trial: LoadSocket) throws { trial.send(try JSONText.line(reply)) }
}
