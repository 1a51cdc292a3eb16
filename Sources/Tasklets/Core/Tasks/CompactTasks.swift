// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// Tasks in memory of the scheduler's own.
extension SchedulerCore {
    /// Makes the task in less memory than the runtime would take; see CSwitch/task.c.
    ///
    /// Nil where that is impossible: on a runtime that is not known, or whose tasks are larger; where tasks end on
    /// several threads, so that no thread knows when the memory is free; and where tasklets suspend through the
    /// runtime, whose frames need more.
    func makeCompactTask() -> (PooledTaskPointer, UnownedJob)? {
        guard makesCompactTasks, state.pointee.concurrent == nil, Self.fitsTasks else { return nil }
        let executor = unsafeBitCast(asUnownedTaskExecutor(), to: sw_executor.self)
        let word = sw_task_new(Self.entry.words, executor, Self.taskSize, MemoryLayout<PooledTask>.size)
        guard word != 0, let task = PooledTaskPointer(bitPattern: word + UInt(Self.taskSize)) else { return nil }
        task.initialize(to: PooledTask())
        task.pointee.isCompact = true
        state.pointee.taskPool.starting = task
        return (task, unsafeBitCast(word, to: UnownedJob.self))
    }

    /// The closure of every such task.
    ///
    /// One for all, and never freed; so it captures nothing, and finds its pooled task by its thread's scheduler.
    private static let entry = Entry {
        guard let core = onThisThread, let task = core.state.pointee.taskPool.starting.take() else { return }
        await core.runBodies(on: task)
    }

    /// A closure in a box, of which the two words can be read.
    ///
    /// A bare one would be wrapped on its way through a generic function, and the wrapping freed at once.
    private struct Entry: Sendable {
        let closure: @Sendable @concurrent () async -> Void

        var words: sw_closure { withUnsafeBytes(of: self) { $0.load(as: sw_closure.self) } }
    }

    /// How many bytes a task and its first frames get.
    ///
    /// Enough for an ordinary body that waits on a channel; one that needs more gets a slab from the runtime.
    package static let taskSize = 752

    /// Whether a task and its first frame keep within that, found once.
    private static let fitsTasks = taskKeeps(within: taskSize)

    /// Runs a task in `size` bytes, with a canary behind them.
    package static func taskKeeps(within size: Int) -> Bool {
        let executor = RuntimeCheck.Probe()
        let words = unsafeBitCast(executor.asUnownedTaskExecutor(), to: sw_executor.self)
        let task = sw_task_probe(entry.words, words, size)
        guard task != 0 else { return false }
        defer { sw_task_release(task) }
        unsafeBitCast(task, to: UnownedJob.self).runSynchronously(on: executor.asUnownedTaskExecutor())
        return sw_task_keeps_within(task, size)
    }
}
