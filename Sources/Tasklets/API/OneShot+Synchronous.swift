// SPDX-License-Identifier: Apache-2.0

extension OneShot {
    /// The value; waits for it in synchronous code that runs in a tasklet, for example in a closure given to `sort`.
    ///
    /// Blocks hard, as the synchronous ``Channel/receive()-5428j`` does; a value that is there is returned at once.
    ///
    /// - Throws: what the asynchronous `value()` throws; and ``SchedulerError`` with code `system` when no stack, or
    ///   no thread, is left for the others to continue on, and with `unsupported` in an actor on another thread than
    ///   the scheduler's, and where the Swift runtime is not known well enough to set its stack aside.
    @available(*, noasync, message: "in an async function, await the asynchronous value")
    public func value() throws -> Value {
        guard let me = Tasklet.currentNode() else {
            return try SchedulerCore.adoptingCaller(cell.label) { try value() }
        }
        if let plan = try me.planSynchronousWait(for: cell) {
            me.performSynchronously(plan)
            if me.pointee.isInterrupted { throw me.takeInterruption() }
        }
        guard let result else { preconditionFailure("nothing but a value ends this") }
        return try result.get()
    }
}

extension UnsafeMutablePointer<Node> {
    /// ``planWait(for:until:_:)`` of synchronous code; nil when there is nothing to wait for.
    fileprivate func planSynchronousWait(for cell: OneShotCell) throws -> SwitchPlan? {
        if !cell.isComplete {
            pointee.owner.pointee.lock.lock()
            try prepareToWaitSynchronously()
            pointee.owner.pointee.lock.unlock()
        }
        return try planWait(for: cell, until: .never, .synchronous)
    }
}
