// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Tasklets

/// The Swift runtime's own pool of threads, which runs what no other executor runs.
///
/// On Linux it is libdispatch's: a concurrent queue for each priority, all with one name (`getGlobalQueue` in the
/// runtime's DispatchGlobalExecutor.cpp), and for each queue as many tasks at a time as there are processors.
enum RuntimePool {
    /// The priorities that have a queue of their own.
    ///
    /// A run that is called on a thread of one queue has its tasklets on the next, so that they do not need the threads
    /// that such runs block: those of one queue wait for later queues only, and those of the last do not run tasklets.
    private static let queues: [TaskPriority] = [.medium, .high, .low, .background]

    /// The priority of the tasklets of a run on the calling thread; nil for that of every task that is not given one.
    ///
    /// Throws ``SchedulerError`` with code `unsupported` on a thread of the last queue. Code that a task runs on
    /// another queue, and waits for, is not recognized.
    static func priorityOfTasklets() throws(SchedulerError) -> TaskPriority? {
        let queue = TaskPriority(
            rawValue: UInt8(truncatingIfNeeded: linux_queue_class("Swift global concurrent queue"))
        )
        guard let index = queues.firstIndex(of: queue) else { return nil }
        guard index + 1 < queues.count else { throw .onLastQueue() }
        return queues[index + 1]
    }
}

extension SchedulerError {
    fileprivate static func onLastQueue() -> SchedulerError {
        SchedulerError(
            .unsupported,
            "run was called on a thread of Swift's own pool, inside other runs that block the pool's other threads; call "
                + "it on another thread of the program's"
        )
    }
}
