// SPDX-License-Identifier: Apache-2.0

public import CSwitch

/// The calling tasklet.
///
/// A tasklet is *at home* while it has the processor: its scheduler runs it. It is *away* while it runs in an actor's
/// job. The runtime has suspended it then, as far as its scheduler knows; and the job may run on any thread: that of
/// another task which uses the actor, that of the actor's own executor, or the main thread. Nothing that belongs to an
/// ordered scheduler may be touched there.
///
/// So an operation that may wait moves its tasklet home first, as ``atHome(_:_:)`` says; and one that does not wait
/// only looks up its caller, and leaves what it changes to the scheduler.
extension SchedulerCore {
    /// The calling tasklet, where it is at home; nil elsewhere, and outside any tasklet.
    ///
    /// The thread's own note is a hint, and right whenever the task that it names is the one that runs. It names none
    /// while a job of the runtime's runs, such as an actor's.
    @inlinable @inline(__always) package static func currentNode() -> NodePointer? {
        // Where the runtime is not known, no task has this word.
        if let hint = sw_current()?.assumingMemoryBound(to: Node.self), hint.pointee.task == sw_active_task_word() {
            return hint
        }
        return lookUpCurrentNode()
    }

    @usableFromInline @inline(never) package static func lookUpCurrentNode() -> NodePointer? {
        guard let hint = sw_current()?.assumingMemoryBound(to: Node.self), let active = sw_active_task(),
            hint.pointee.task == TaskWord(bitPattern: active)
        else { return TaskNote.callingNode() }
        return hint
    }

    /// The calling tasklet, at home or away; nil outside any.
    static func callingNode() -> NodePointer? { currentNode() ?? findCallingNode() }

    @inline(never) fileprivate static func findCallingNode() -> NodePointer? {
        guard let active = sw_active_task(), let core = ofCallingTask else { return nil }
        return core.runner.tasklet(of: TaskWord(bitPattern: active))
    }

    /// The scheduler that the calling task prefers to run on: its tasklet's, also when that is away, and that of its
    /// child tasks; nil for every other task.
    fileprivate static var ofCallingTask: SchedulerCore? {
        withUnsafeCurrentTask { task in
            guard let preference = task?.unownedTaskExecutor,
                let identity = unsafeBitCast(preference, to: sw_executor.self).identity
            else { return nil }
            // The task keeps its executor, which is an object.
            return (Unmanaged<AnyObject>.fromOpaque(identity).takeUnretainedValue() as? any TaskletExecutor)?.core
        }
    }

    /// Whether the calling thread, which runs a tasklet of this scheduler, may touch what belongs to it: with the lock
    /// held on a concurrent scheduler, at once on the thread of an ordered one.
    var isInOrder: Bool { !isOrdered || sw_scheduler() == identity }

    // MARK: Going home

    /// Moves the calling tasklet home, performs `operation` there, and brings it back to where it was.
    ///
    /// Called by an operation that has found no current tasklet, to perform itself again. The tasklet leaves the actor
    /// that it runs in, so that others may enter while it waits, and has to wait for its turn at that again.
    ///
    /// - Parameter what: what was used, for the error.
    /// - Throws: ``SchedulerError`` with code `wrongScheduler` where the caller is no tasklet, or runs on an executor
    ///   that it was told to prefer to its scheduler; and what `operation` throws.
    @concurrent @usableFromInline package static func atHome<R: Sendable>(
        _ what: String? = nil,
        _ operation: @Sendable () async throws -> R
    ) async throws -> R {
        // The hop to the preferred executor has been made: the runtime makes it before anything that could tell.
        guard currentNode() != nil else { throw SchedulerError.outsideTasklets(what) }
        return try await operation()
    }

    /// Moves the calling tasklet home, to stay there.
    ///
    /// For one whose body has ended: the compiler leaves the way back from an actor out where nothing depends on it.
    @concurrent static func goHome() async {
        precondition(currentNode() != nil, "a tasklet's body has ended on an executor that is not its scheduler's")
    }

    // MARK: Synchronous code

    /// Performs an operation that waits in synchronous code, of a tasklet that is away: it keeps the actor, whose job
    /// its frames are part of.
    ///
    /// - Parameter what: what was used, for the error.
    /// - Throws: ``SchedulerError`` with code `wrongScheduler` where the caller is no tasklet, and `unsupported` where
    ///   the thread is not its scheduler's: what waits for the thread then may be what the tasklet waits for.
    static func adoptingCaller<R>(_ what: String, _ operation: () throws -> R) throws -> R {
        guard let node = findCallingNode() else { throw SchedulerError.outsideTasklets(what) }
        let core = node.pointee.owner.pointee.core
        guard sw_scheduler() == core.identity else { throw SchedulerError.onForeignThread(what) }
        core.runner.adopt(node)
        defer { core.runner.release(node) }
        return try operation()
    }
}

/// An executor that tasklets' tasks prefer.
package protocol TaskletExecutor: TaskExecutor {
    var core: SchedulerCore { get }
}

extension SchedulerError {
    static func outsideTasklets(_ what: String?) -> SchedulerError {
        let message =
            if let what {
                "\(what) was used outside any tasklet; only tasklets may use it"
            } else {
                "this needs a tasklet to run in: call it from code that a scheduler's run(_:) runs, and not from its "
                    + "child tasks, or under another task executor"
            }
        return SchedulerError(.wrongScheduler, message)
    }

    fileprivate static func onForeignThread(_ what: String) -> SchedulerError {
        SchedulerError(
            .unsupported,
            "\(what) was used in synchronous code of an actor that runs on a thread of another executor's; only a thread "
                + "of the tasklet's scheduler can wait there: await the asynchronous operation"
        )
    }
}

extension UnsafeMutablePointer<Node> {
    /// Whether the tasklet, which is the calling one, is at home.
    var isAtHome: Bool { sw_current() == UnsafeMutableRawPointer(self) }
}

extension UnsafeMutablePointer<SchedulerState> {
    /// Makes a change that its caller need not wait for: at once, or, called by a tasklet that is away on a thread that
    /// is not its scheduler's, soon, and before what that tasklet does at home.
    func change(_ body: @escaping @Sendable () -> Void) {
        if let core = schedulerOutOfReach { core.runner.perform(body) } else { withLock(body) }
    }

    /// Whether the caller is a tasklet of this ordered scheduler's that is away on another thread than its: then it must
    /// not follow pointers to what the scheduler changes.
    var isOutOfReach: Bool { schedulerOutOfReach != nil }

    private var schedulerOutOfReach: SchedulerCore? {
        guard sw_current() == nil, let core = SchedulerCore.ofCallingTask, core.state == self, !core.isInOrder else {
            return nil
        }
        return core
    }
}
