// SPDX-License-Identifier: Apache-2.0

package import Tasklets

/// Scheduling by Dispatch: one turn at a time on a serial queue, in the ring's order; or, with several workers, many at
/// a time on a concurrent one.
package enum DispatchScheduler {
    /// Makes a scheduler, with one worker unless told otherwise.
    package static func make(_ options: SchedulerOptions, _ switching: Switching) throws -> SchedulerCore {
        let workers = options.workers ?? 1
        let faults = options.socketFaults
        let strategy: any Strategy =
            workers == 1 ? SerialDispatchScheduler(faults) : ConcurrentDispatchScheduler(workers: workers, faults)
        return SchedulerCore(
            strategy: strategy,
            options: options,
            switching: switching,
            isOrdered: workers == 1,
            swapsStacks: false
        )
    }
}
