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
        let word = sw_task_new(executor, Self.taskSize, MemoryLayout<PooledTask>.size)
        guard word != 0, let task = PooledTaskPointer(bitPattern: word + UInt(Self.taskSize)) else { return nil }
        task.initialize(to: PooledTask())
        return (task, unsafeBitCast(word, to: UnownedJob.self))
    }

    /// How many bytes a task and its first frames get.
    ///
    /// Enough for an ordinary body that waits on a channel; one that needs more gets a slab from the runtime. With what
    /// lies behind it and the allocator's own word, a multiple of 16.
    package static let taskSize = 592

    /// Whether a task and its first frame keep within that, found once.
    private static let fitsTasks = taskKeeps(within: taskSize)

    /// Runs a task in `size` bytes, with a canary behind them.
    package static func taskKeeps(within size: Int) -> Bool {
        sw_task_decide_by(decideStep)
        let executor = RuntimeCheck.Probe()
        let words = unsafeBitCast(executor.asUnownedTaskExecutor(), to: sw_executor.self)
        let task = sw_task_probe(words, size)
        guard task != 0 else { return false }
        defer { sw_task_release(task) }
        unsafeBitCast(task, to: UnownedJob.self).runSynchronously(on: executor.asUnownedTaskExecutor())
        return sw_task_keeps_within(task, size)
    }

    // MARK: What they do

    /// Decides what such a task does next; called by CSwitch, on whichever thread a body has ended.
    ///
    /// Of what it touches there, nothing belongs to the scheduler: the body's record is the task's until
    /// ``Swift/UnsafeMutablePointer/finish(_:_:)``, which comes after the way home.
    private static let decideStep: sw_decision = { task, failure, step in
        guard let task = task?.assumingMemoryBound(to: PooledTask.self) else { return step.pointee = sw_step() }
        if let failure { task.keep(failure) }
        // One that is to end has no tasklet, and is at home.
        guard let state = task.pointee.node?.pointee.owner ?? onThisThread?.state else {
            preconditionFailure("a task ends away from its scheduler")
        }
        switch state.nextStep(of: task) {
        case .run: task.callBody(step)
        case .goHome: goingHome.call(step)
        case .park(let target):
            step.pointee = sw_step(action: UInt(sw_step_park), first: target.context, second: target.node)
        case .suspend: preconditionFailure("a task that parks softly suspends through the runtime")
        case .end:
            state.noteEnd(of: task)
            step.pointee = sw_step()
        }
    }

    private static let goingHome = TaskletBody { await goHome() }
}

extension TaskletBody {
    /// Makes calling it the next step, while something else keeps it.
    @inline(__always) fileprivate func call(_ step: UnsafeMutablePointer<sw_step>) {
        withUnsafeBytes(of: self) {
            step.pointee.action = $0.load(as: UInt.self)
            step.pointee.first = $0.load(fromByteOffset: MemoryLayout<UInt>.size, as: UnsafeMutableRawPointer?.self)
        }
    }
}

extension UnsafeMutablePointer<SchedulerState> {
    @inline(never) fileprivate func noteEnd(of task: PooledTaskPointer) {
        sw_set_current(nil)
        pointee.taskPool.addFinished(task.pointee.task)
        task.deinitialize(count: 1)
    }
}

extension PooledTaskPointer {
    /// Makes calling the body of its tasklet the next step.
    @inline(__always) fileprivate func callBody(_ step: UnsafeMutablePointer<sw_step>) {
        guard let record = pointee.node?.record, record.pointee.body != nil else {
            preconditionFailure("a task without a body")
        }
        record.pointee.body?.call(step)
    }

    /// Takes over an error that a body has thrown.
    fileprivate func keep(_ failure: UnsafeMutableRawPointer) {
        withUnsafeMutableBytes(of: &pointee.failure) { $0.storeBytes(of: failure, as: UnsafeMutableRawPointer.self) }
    }
}
