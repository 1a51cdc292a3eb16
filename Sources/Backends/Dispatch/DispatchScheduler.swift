// SPDX-License-Identifier: Apache-2.0

package import Tasklets

/// Scheduling by Dispatch: one turn at a time on a serial queue, in the run queue's order; or, with several workers, as
/// many turns at a time, in no order.
///
/// Its tasklets do not switch hard, and are not sliced: a turn runs on whichever thread Dispatch gives it, and a stack
/// that was set aside on one thread must not continue on another. Frames of the Swift runtime and of compiled code keep
/// addresses of their thread's variables across calls: the compiler assumes that a function stays on its thread. No
/// queue but the main one keeps to a thread.
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
