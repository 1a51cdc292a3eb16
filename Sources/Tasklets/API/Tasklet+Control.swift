// SPDX-License-Identifier: Apache-2.0

/// Tasklets that schedule tasklets.
///
/// On a concurrent scheduler there is no order to keep: there the target becomes runnable, and the caller of ``run()``,
/// ``kill(pending:)`` or ``throw(_:pending:)`` continues when the target has left the processor.
extension Tasklet {
    /// Makes a paused tasklet runnable, after all that are; does nothing where it is runnable already.
    ///
    /// Stackless's `insert`.
    ///
    /// - Throws: ``SchedulerError`` with code `blockedTasklet` or `deadTasklet` where it waits or has ended, and with
    ///   `wrongScheduler` where it is another scheduler's; and with `unsupported` in an actor on another thread than
    ///   the scheduler's.
    public func insert() throws { try Tasklet.nodeInOrder("insert").insert(node) }

    /// Takes a runnable tasklet out of the run queue, until it is inserted again; does nothing where it is paused or
    /// has ended.
    ///
    /// Stackless's `remove`. Where every tasklet has a thread of its own, a runnable one runs, and cannot be removed.
    ///
    /// - Throws: ``SchedulerError`` with code `currentTasklet` where it runs, `blockedTasklet` where it waits, and
    ///   `wrongScheduler` where it is another scheduler's; and with `unsupported` in an actor on another thread than
    ///   the scheduler's.
    public func remove() throws { try Tasklet.nodeInOrder("remove").remove(node) }

    /// The calling tasklet, which acts on the run queue without waiting.
    private static func nodeInOrder(_ operation: String) throws -> NodePointer {
        let me = callingNode
        if me.pointee.owner.pointee.core.isInOrder { return me }
        throw SchedulerError(
            .unsupported,
            "\(operation) was called in an actor on another thread than the scheduler's; call it outside the actor"
        )
    }

    /// Switches to the tasklet now; the caller stays in the run queue, which continues from the tasklet's place.
    ///
    /// A paused tasklet is inserted right before the caller, which therefore comes next. Does nothing where it is the
    /// caller. Stackless's `run`.
    ///
    /// - Throws: ``SchedulerError`` as ``insert()`` does, and with `switchTrap`; or what was thrown into the caller
    ///   meanwhile.
    public func run() async throws {
        guard let me = SchedulerCore.currentNode() else {
            return try await SchedulerCore.atHome { try await self.run() }
        }
        await me.perform(try me.planSwitch(to: node, pausing: false, .async))
        if me.pointee.isInterrupted { throw me.takeInterruption() }
    }

    /// Switches to the tasklet now, and takes the caller out of the run queue, until it is inserted again.
    ///
    /// Does nothing where it is the caller. Stackless's `switch`.
    ///
    /// - Throws: as ``run()``.
    public func switchTo() async throws {
        guard let me = SchedulerCore.currentNode() else {
            return try await SchedulerCore.atHome { try await self.switchTo() }
        }
        await me.perform(try me.planSwitch(to: node, pausing: true, .async))
        if me.pointee.isInterrupted { throw me.takeInterruption() }
    }

    /// Throws ``TaskletExit`` into the tasklet; see ``throw(_:pending:)``.
    ///
    /// It can be caught, and the tasklet may then continue. Does nothing where the tasklet has ended. Stackless's
    /// `kill`.
    public func kill(pending: Bool = false) async throws {
        try await raise(TaskletExit(), pending)
    }

    /// Throws an error into the tasklet, where it is suspended.
    ///
    /// A waiting tasklet leaves what it waits for, and balances are corrected; one that has not started never starts,
    /// and ends with the error. Thrown into the caller, it is thrown here. A tasklet that the Swift runtime has
    /// suspended (at a task group, an actor, another task's value) throws at its next suspension here. Stackless's
    /// `throw` and `raise_exception`.
    ///
    /// - Parameters:
    ///   - error: what is thrown.
    ///   - pending: whether the tasklet becomes runnable, and throws when its turn comes. Otherwise it is switched to
    ///     now, and the caller stays in the run queue.
    /// - Throws: ``SchedulerError`` with code `deadTasklet` where the tasklet has ended and the error is no
    ///   ``TaskletExit``, with `switchTrap`, and with `wrongScheduler`; or what was thrown into the caller meanwhile.
    public func `throw`(_ error: any Error, pending: Bool = false) async throws {
        try await raise(error, pending)
    }

    private func raise(_ error: any Error, _ pending: Bool) async throws {
        guard let me = SchedulerCore.currentNode() else {
            return try await SchedulerCore.atHome { try await self.raise(error, pending) }
        }
        await me.perform(try me.planThrow(error, into: node, pending: pending, .async))
        if me.pointee.isInterrupted { throw me.takeInterruption() }
    }

    /// Leaves the run queue, until the tasklet is inserted again.
    ///
    /// Returns at once where the caller is main and nothing else will ever run. Stackless's `schedule_remove`.
    ///
    /// - Throws: ``SchedulerError`` with code `deadlock` where the caller is the last that runs, and main waits; or
    ///   what was thrown into the caller meanwhile.
    public static func scheduleRemove() async throws {
        guard let me = SchedulerCore.currentNode() else {
            return try await SchedulerCore.atHome { try await scheduleRemove() }
        }
        await me.perform(try me.planPause(.async))
        if me.pointee.isInterrupted { throw me.takeInterruption() }
    }

    /// Runs all other tasklets, until none is runnable and nothing is pending that could make one so: no deadline, no
    /// awaited one-shot value, no I/O, and nothing that the Swift runtime has suspended and will resume.
    ///
    /// The caller is out of the run queue meanwhile. Tasklets that are blocked at the end stay so, silently; see
    /// ``Scheduler/blockedTasklets``. Calls may be nested: the innermost returns first. An error that no tasklet caught
    /// is thrown by the innermost. Stackless's `run`.
    ///
    /// - Parameter budget: how many checkpoints a tasklet may make from when it gets the processor to when it leaves
    ///   it. Of several nested calls with a budget, the outermost counts. Nil is no limit.
    /// - Returns: the tasklet that made more, which is paused now, and continues when it is inserted; nil when nothing
    ///   is left to run.
    /// - Throws: an error that no tasklet caught; ``SchedulerError``; or what was thrown into the caller meanwhile.
    @discardableResult
    public static func runAll(budget: Int? = nil) async throws -> Tasklet? {
        guard let me = SchedulerCore.currentNode() else {
            return try await SchedulerCore.atHome { try await runAll(budget: budget) }
        }
        guard let plan = try me.planRunAll(budget: budget, .async) else { return nil }
        await me.perform(plan)
        let overrunner = me.endRunAll()
        guard me.pointee.isInterrupted else { return overrunner }
        // The caller will not hear of it, so it continues.
        try? overrunner?.insert()
        throw me.takeInterruption()
    }

    /// Counts one unit of work against the budget of ``runAll(budget:)``.
    ///
    /// Where the tasklet has used that up, and is not atomic, it leaves the run queue, and `runAll` returns it. Without
    /// a budget this only throws what is to be thrown into the tasklet. Stackless counts the interpreter's instructions
    /// instead; compiled code has none.
    ///
    /// - Throws: what was thrown into the tasklet meanwhile; ``SchedulerError`` outside any tasklet.
    @inlinable @inline(__always) public static func checkpoint() async throws {
        guard let me = currentNode() else { return try await SchedulerCore.atHome { try await checkpoint() } }
        if me.pointee.owner.pointee.specialCases.rawValue == 0 { return }
        try await countCheckpoint(me)
    }

    @usableFromInline static func countCheckpoint(_ me: NodePointer) async throws {
        await me.perform(try me.planCheckpoint(.async))
        if me.pointee.isInterrupted { throw me.takeInterruption() }
    }

    /// Whether waiting is refused: an operation that would have to wait throws ``SchedulerError`` with code
    /// `blockTrap`.
    ///
    /// ``schedule()`` and ``scheduleRemove()`` are not subject to it. Stackless's `block_trap`.
    public var blockTrap: Bool {
        get { owner.withLock { node.pointee.blockTrap } }
        set {
            owner.change { [self] in
                guard newValue != node.pointee.blockTrap, node.pointee.state != .ended else { return }
                node.pointee.blockTrap = newValue
                owner.pointee.blockTrapCount += newValue ? 1 : -1
            }
        }
    }

    /// Whether checkpoints past the budget let the tasklet run on; it leaves the run queue at the first one after this
    /// is cleared.
    ///
    /// A new tasklet inherits it from the one that makes it. Stackless's `atomic`.
    public var isAtomic: Bool {
        get { owner.withLock { node.pointee.isAtomic } }
        set { owner.change { [self] in node.pointee.isAtomic = newValue } }
    }
}
