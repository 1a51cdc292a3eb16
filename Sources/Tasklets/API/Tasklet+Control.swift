// SPDX-License-Identifier: Apache-2.0

/// Tasklets that schedule tasklets.
///
/// On schedulers that run several tasklets at a time there is no order to keep: there, whoever is switched to becomes
/// runnable, and the caller of ``run()``, ``kill(pending:)`` or ``throw(_:pending:)`` goes on when that one has left the
/// processor.
extension Tasklet {
    /// Makes a paused tasklet runnable, after all that are; does nothing where it is runnable already.
    ///
    /// Stackless's `insert`.
    ///
    /// - Throws: ``SchedulerError`` with code `blockedTasklet` or `deadTasklet` where it waits or has ended, and with
    ///   `wrongScheduler` where it is another scheduler's.
    public func insert() throws { try Tasklet.currentNode.insert(node) }

    /// Takes a runnable tasklet out of the ring, until somebody inserts it again; does nothing where it is paused or has
    /// ended.
    ///
    /// Stackless's `remove`. Where every tasklet has a thread of its own, whoever is runnable runs, and cannot be removed.
    ///
    /// - Throws: ``SchedulerError`` with code `currentTasklet` where it runs, `blockedTasklet` where it waits, and
    ///   `wrongScheduler` where it is another scheduler's.
    public func remove() throws { try Tasklet.currentNode.remove(node) }

    /// Switches to the tasklet now, and leaves the caller in the ring, which goes on from the tasklet's place.
    ///
    /// A paused one is inserted right before the caller, so that the caller comes next. Does nothing where it is the
    /// caller. Stackless's `run`.
    ///
    /// - Throws: ``SchedulerError`` as ``insert()`` does, and with `switchTrap`; or what was thrown into the caller
    ///   meanwhile.
    public func run() async throws {
        let me = Tasklet.currentNode
        await me.leave(try me.hand(to: node, leavingRing: false, Manner(isolation: #isolation)))
        if me.pointee.isInterrupted { throw me.takeInterruption() }
    }

    /// Switches to the tasklet now, and takes the caller out of the ring, until somebody inserts it again.
    ///
    /// Does nothing where it is the caller. Stackless's `switch`.
    ///
    /// - Throws: as ``run()``.
    public func switchTo() async throws {
        let me = Tasklet.currentNode
        await me.leave(try me.hand(to: node, leavingRing: true, Manner(isolation: #isolation)))
        if me.pointee.isInterrupted { throw me.takeInterruption() }
    }

    /// Throws ``TaskletExit`` into the tasklet; see ``throw(_:pending:)``.
    ///
    /// It can be caught, and the tasklet may go on then. Does nothing where the tasklet has ended. Stackless's `kill`.
    public func kill(pending: Bool = false) async throws {
        try await raise(TaskletExit(), pending, Manner(isolation: #isolation))
    }

    /// Throws an error into the tasklet, where it is suspended.
    ///
    /// A waiting one waits no more, and balances are put right; one that has not started never starts, and has ended
    /// with the error. Thrown into the caller, it is thrown here. A tasklet that the Swift runtime has suspended (at a
    /// task group, an actor, another task's value) throws at its next suspension here. Stackless's `throw` and
    /// `raise_exception`.
    ///
    /// - Parameters:
    ///   - error: what is thrown.
    ///   - pending: whether the tasklet only becomes runnable, and throws when its turn comes. Otherwise it is switched
    ///     to now, and the caller stays in the ring.
    /// - Throws: ``SchedulerError`` with code `deadTasklet` where the tasklet has ended and the error is no
    ///   ``TaskletExit``, with `switchTrap`, and with `wrongScheduler`; or what was thrown into the caller meanwhile.
    public func `throw`(_ error: any Error, pending: Bool = false) async throws {
        try await raise(error, pending, Manner(isolation: #isolation))
    }

    private func raise(_ error: any Error, _ pending: Bool, _ manner: Manner) async throws {
        let me = Tasklet.currentNode
        await me.leave(try me.raise(error, in: node, pending: pending, manner))
        if me.pointee.isInterrupted { throw me.takeInterruption() }
    }

    /// Leaves the ring, until somebody inserts the tasklet again.
    ///
    /// Returns at once where the caller is main and nothing else will ever run. Stackless's `schedule_remove`.
    ///
    /// - Throws: ``SchedulerError`` with code `deadlock` where the caller is the last that runs, and main waits; or what
    ///   was thrown into the caller meanwhile.
    public static func scheduleRemove() async throws {
        let me = currentNode
        await me.leave(try me.leaveRing(Manner(isolation: #isolation)))
        if me.pointee.isInterrupted { throw me.takeInterruption() }
    }

    /// Runs all other tasklets, until none is runnable and nothing is pending that could make one so: no deadline, no
    /// one-shot value that is waited for, nothing that the Swift runtime has suspended and will bring back.
    ///
    /// The caller is out of the ring meanwhile. Those that are blocked by then stay so, silently; see
    /// ``Scheduler/blockedTasklets``. Calls may be nested: the innermost returns first. An error that no tasklet caught
    /// is thrown by the innermost. Stackless's `run`.
    ///
    /// - Parameter budget: how many checkpoints a tasklet may make from when it gets the processor to when it leaves it.
    ///   Of several nested calls with a budget, the outermost counts. Nil is no limit.
    /// - Returns: the tasklet that made more, which is paused now, and goes on when it is inserted; nil when nothing is
    ///   left to run.
    /// - Throws: an error that no tasklet caught; ``SchedulerError``; or what was thrown into the caller meanwhile.
    @discardableResult
    public static func runAll(budget: Int? = nil) async throws -> Tasklet? {
        let me = currentNode
        guard let departure = try me.runAll(budget: budget, Manner(isolation: #isolation)) else { return nil }
        await me.leave(departure)
        let overrunner = me.endRunAll()
        guard me.pointee.isInterrupted else { return overrunner }
        // Nobody will hear of it, so it goes on.
        try? overrunner?.insert()
        throw me.takeInterruption()
    }

    /// Counts one unit of work against the budget of ``runAll(budget:)``.
    ///
    /// Where the tasklet has used that up, and is not atomic, it leaves the ring, and `runAll` returns it. Without a
    /// budget this does nothing but throw what is to be thrown into the tasklet. Stackless counts the interpreter's
    /// instructions instead; compiled code has none.
    ///
    /// - Throws: what was thrown into the tasklet meanwhile.
    @inlinable @inline(__always) public static func checkpoint() async throws {
        let me = nodeOfCaller()
        if me.pointee.owner.pointee.specialCases.rawValue == 0 { return }
        try await checkpoint(me, Manner(isolation: #isolation))
    }

    @usableFromInline static func checkpoint(_ me: NodePointer, _ manner: Manner) async throws {
        await me.leave(try me.checkpoint(manner))
        if me.pointee.isInterrupted { throw me.takeInterruption() }
    }

    /// Whether waiting is refused: an operation that would have to wait throws ``SchedulerError`` with code `blockTrap`.
    ///
    /// Does not concern giving way (``schedule()``, ``scheduleRemove()``). Stackless's `block_trap`.
    public var blockTrap: Bool {
        get { owner.withLock { node.pointee.blockTrap } }
        set {
            owner.withLock {
                guard newValue != node.pointee.blockTrap, node.pointee.state != .ended else { return }
                node.pointee.blockTrap = newValue
                owner.pointee.blockTrapCount += newValue ? 1 : -1
            }
        }
    }

    /// Whether checkpoints past the budget let the tasklet go on; it leaves the ring at the first one after this is
    /// cleared.
    ///
    /// A new tasklet inherits it from the one that makes it. Stackless's `atomic`.
    public var isAtomic: Bool {
        get { owner.withLock { node.pointee.isAtomic } }
        set { owner.withLock { node.pointee.isAtomic = newValue } }
    }
}
