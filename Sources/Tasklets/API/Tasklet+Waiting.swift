// SPDX-License-Identifier: Apache-2.0

extension Tasklet {
    /// Lets every other runnable tasklet have a turn. Stackless's `schedule`.
    ///
    /// - Throws: what was thrown into the tasklet meanwhile.
    @inlinable @inline(__always) public static func schedule() async throws {
        guard let me = try nodeGivingWay() else { return }
        await me.suspend(.schedule)
        if me.pointee.isInterrupted { throw me.takeInterruption() }
    }

    /// The caller, if it has somebody to give way to: the ring is arranged then, and the lock held.
    @usableFromInline static func nodeGivingWay() throws -> NodePointer? {
        let me = currentNode
        let state = me.pointee.owner
        guard state.pointee.isOrdered else { return try giveWayConcurrently(me) }
        if me.pointee.next == me {
            state.pointee.noSwitch &+= 1
            state.pointee.fuel &-= 1
            // Alone; but now and then the outside world has to be looked at.
            if state.pointee.fuel > 0 { return nil }
        }
        if state.pointee.switching == .hard, !state.pointee.core.hasIdleStack() { throw SchedulerError.noStack() }
        me.pointee.state = .ready
        state.pointee.current = me.pointee.next
        return me
    }

    private static func giveWayConcurrently(_ me: NodePointer) throws -> NodePointer? {
        let state = me.pointee.owner
        state.pointee.lock?.lock()
        if me.pointee.isInterrupted {
            defer { state.pointee.lock?.unlock() }
            throw me.takeInterruption()
        }
        state.leaveRing(me)
        me.pointee.state = .ready
        state.pointee.core.makeReady(me)
        return me
    }

    /// Waits at least that long. Never returns early; a duration of zero or less is a ``schedule()``.
    ///
    /// - Throws: what was thrown into the tasklet while it slept.
    public static func sleep(for duration: Duration) async throws {
        guard duration > .zero else { return try await schedule() }
        try await sleep(until: Deadline.after(duration))
    }

    /// Waits until then. Never returns early; an instant that has passed is a ``schedule()``.
    ///
    /// - Throws: what was thrown into the tasklet while it slept.
    public static func sleep(until instant: ContinuousClock.Instant) async throws {
        try await sleep(for: ContinuousClock.now.duration(to: instant))
    }

    private static func sleep(until deadline: Deadline) async throws {
        let me = currentNode
        let state = me.pointee.owner
        state.pointee.lock?.lock()
        if me.pointee.isInterrupted || (state.pointee.switching == .hard && !state.pointee.core.hasIdleStack()) {
            defer { state.pointee.lock?.unlock() }
            throw me.pointee.isInterrupted ? me.takeInterruption() : SchedulerError.noStack()
        }
        me.pointee.deadline = deadline
        me.pointee.state = .sleeping
        state.leaveRing(me)
        state.pointee.sleepingCount += 1
        state.pointee.core.strategy.arm(me)
        await me.suspend(.sleep)
        if me.pointee.isInterrupted { throw me.takeInterruption() }
    }

    /// Waits until the tasklet has ended; returns at once when it has. Its errors go to the main tasklet, not here.
    ///
    /// - Throws: ``SchedulerError``; or what was thrown into the caller while it waited.
    public func join() async throws {
        let me = Tasklet.currentNode
        guard try prepareToJoin(me) else { return }
        await me.suspend(.join)
        if me.pointee.isInterrupted { throw me.takeInterruption() }
    }

    /// Queues the caller, and keeps the lock; or returns false, or throws, without it.
    private func prepareToJoin(_ me: NodePointer) throws -> Bool {
        let state = me.pointee.owner
        guard state == node.pointee.owner else {
            throw SchedulerError(.wrongScheduler, "\(self) belongs to another scheduler than the tasklet that joins it")
        }
        guard me != node else { throw SchedulerError(.currentTasklet, "\(self) cannot wait for its own end") }
        state.pointee.lock?.lock()
        if node.pointee.state == .ended {
            state.pointee.noSwitch &+= 1
            state.pointee.lock?.unlock()
            return false
        }
        do { try state.pointee.core.willBlock(me, joining: node) } catch {
            state.pointee.lock?.unlock()
            throw error
        }
        state.leaveRing(me)
        me.pointee.state = .joining
        me.pointee.joined = node
        node.pointee.joiners.append(me)
        return true
    }
}
