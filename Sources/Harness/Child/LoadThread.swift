// SPDX-License-Identifier: Apache-2.0

import Backends
import Foundation
import Measurement
import Tasklets

/// The thread of the load generator: an epoll scheduler, the same for every measured scheduler, so that only the
/// measured side differs.
struct LoadThread: Sendable {
    /// The processors that it runs on.
    let cpus: CPUSet
    /// What it has cost.
    let meter = LoadMeter()

    /// Chooses the allowed processors that are not measured, or the measured ones if there are no others.
    init(allowed: CPUSet, measured: CPUSet) {
        let others = allowed.numbers.filter { !measured.numbers.contains($0) }
        cpus = others.isEmpty ? measured : CPUSet(others)
    }

    /// Starts a program and returns at once.
    ///
    /// - Throws: ``SchedulerError`` if there are no descriptors left for another scheduler.
    func run<R: Sendable>(_ program: @escaping @Sendable () async throws -> R) throws -> OneShot<R> {
        let outcome = OneShot<R>()
        let scheduler = try Backend.epoll.makeScheduler()
        let thread = Thread { [cpus, meter] in
            // If the kernel refuses, the load runs beside the measured side: slower, but right.
            _ = cpus.pinCurrentThread()
            // What it asks of libc is no part of what the measured scheduler does, either.
            CallCounts.excludeThisThread()
            // Metered to its end before the measured side learns of that.
            let result = Result { try meter.measure { try scheduler.run(program) } }
            switch result {
            case .success(let value): outcome.fulfill(value)
            case .failure(let error): outcome.fail(error)
            }
        }
        thread.stackSize = 1 << 20
        thread.start()
        return outcome
    }
}
