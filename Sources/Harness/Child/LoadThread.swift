// SPDX-License-Identifier: Apache-2.0

import Backends
import Foundation
import Measurement
import Tasklets

/// Where a workload's load comes from: the epoll scheduler on a thread of its own, the same one whatever is measured, so
/// that only the measured side differs.
struct LoadThread: Sendable {
    /// On which processors it runs.
    let cpus: CPUSet

    /// Those processors among the allowed that are not measured; the same where there are no others.
    init(allowed: CPUSet, measured: CPUSet) {
        let others = allowed.numbers.filter { !measured.numbers.contains($0) }
        cpus = others.isEmpty ? measured : CPUSet(others)
    }

    /// Starts a program; returns at once.
    ///
    /// - Throws: ``SchedulerError`` where there is no descriptor left for another scheduler.
    func run<R: Sendable>(_ program: @escaping @Sendable () async throws -> R) throws -> OneShot<R> {
        let outcome = OneShot<R>()
        let scheduler = try Backend.epoll.makeScheduler()
        let thread = Thread { [cpus] in
            // Where the kernel refuses, the load comes from where the measured side is, which is slower but right.
            _ = cpus.pinCurrentThread()
            do {
                outcome.fulfill(try scheduler.run(program))
            } catch {
                outcome.fail(error)
            }
        }
        thread.stackSize = 1 << 20
        thread.start()
        return outcome
    }
}
