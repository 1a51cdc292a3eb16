// SPDX-License-Identifier: Apache-2.0

package import Tasklets

/// Scheduling by Dispatch: one turn at a time on a serial queue, in the run queue's order; or, with several workers, as
/// many turns at a time, in no order.
package enum DispatchScheduler {
    /// Makes a scheduler, with one worker unless told otherwise.
    package static func make(_ options: SchedulerOptions, _ switching: Switching) throws -> SchedulerCore {
        let workers = options.workers ?? 1
        guard workers == 1 else {
            return ConcurrentDispatchScheduler.make(workers: workers, options, switching)
        }
        return SerialDispatchScheduler.make(options, switching)
    }
}
