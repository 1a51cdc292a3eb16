// SPDX-License-Identifier: Apache-2.0

extension Tasklet {
    /// Lets every other runnable tasklet have a turn.
    ///
    /// Stackless's `schedule`.
    ///
    /// - Throws: what was thrown into the tasklet meanwhile; ``SchedulerError`` outside any tasklet.
    @inlinable @inline(__always) public static func schedule() async throws {
        guard let me = currentNode() else { return try await SchedulerCore.atHome { try await schedule() } }
        let plan = try me.planYield(.async)
        if plan.action == .proceed { return }
        await me.perform(plan)
        if me.pointee.isInterrupted { throw me.takeInterruption() }
    }

    /// Waits at least that long.
    ///
    /// Never returns early; a duration of zero or less is a ``schedule()``, and one of 9,000,000,000 s or more ends only
    /// by an error. Time counts while the machine sleeps; a deadline that has passed meanwhile is noticed within a
    /// minute.
    ///
    /// - Throws: what was thrown into the tasklet while it slept; ``SchedulerError`` outside any tasklet.
    public static func sleep(for duration: Duration) async throws {
        guard duration > .zero else { return try await schedule() }
        try await sleep(until: Deadline.after(duration))
    }

    /// Waits until then.
    ///
    /// Never returns early; an instant that has passed is a ``schedule()``. For far instants, and while the machine
    /// sleeps, as ``sleep(for:)``.
    ///
    /// - Throws: what was thrown into the tasklet while it slept; ``SchedulerError`` outside any tasklet.
    public static func sleep(until instant: ContinuousClock.Instant) async throws {
        let deadline = Deadline(instant)
        guard deadline > .now else { return try await schedule() }
        try await sleep(until: deadline)
    }

    private static func sleep(until deadline: Deadline) async throws {
        guard let me = SchedulerCore.currentNode() else {
            return try await SchedulerCore.atHome { try await sleep(until: deadline) }
        }
        await me.perform(try me.planSleep(until: deadline, .async))
        if me.pointee.isInterrupted { throw me.takeInterruption() }
    }

    /// Waits until the tasklet has ended; returns at once when it has.
    ///
    /// Its errors go to the main tasklet, not here.
    ///
    /// - Throws: ``SchedulerError``; or what was thrown into the caller while it waited.
    @inlinable @inline(__always) public func join() async throws {
        guard let me = Tasklet.currentNode() else { return try await SchedulerCore.atHome { try await self.join() } }
        await me.perform(try planJoin(by: me, .async))
        if me.pointee.isInterrupted { throw me.takeInterruption() }
    }

    @usableFromInline func planJoin(by me: NodePointer, _ context: CallContext) throws -> SwitchPlan {
        try me.planJoin(node, context)
    }
}
