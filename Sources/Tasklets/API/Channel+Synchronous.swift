// SPDX-License-Identifier: Apache-2.0

extension Channel {
    /// Sends from synchronous code that runs in a tasklet, for example inside a closure given to `map`.
    ///
    /// Blocks hard: the machine stack is set aside with all the frames on it, or, on schedulers whose tasklets move
    /// between threads, the thread blocks.
    ///
    /// - Throws: what the asynchronous `send(_:)` throws; and ``SchedulerError`` with code `system` when no stack, or no
    ///   thread, is left for the others to continue on, and with `unsupported` in an actor on another thread than the
    ///   scheduler's, on `swift-concurrency`, also where it need not wait, and where the Swift runtime is not known well
    ///   enough to set its stack aside.
    @available(*, noasync, message: "in an async function, await the asynchronous send")
    @inlinable @inline(__always) public func send(_ element: Element) throws {
        guard let me = try state.enter(.send) else { return try sendAway(element) }
        try me.refuseStackAddresses(in: element)
        try me.prepareToWaitSynchronously()
        let (plan, holder) = try state.planSend(me, .synchronous)
        holder.put(element)
        me.performSynchronously(plan)
        if me.pointee.isInterrupted { throw me.takeInterruption(dropping: Element.self) }
    }

    /// Receives in synchronous code that runs in a tasklet.
    ///
    /// Blocks hard, and throws, as the synchronous `send(_:)` does.
    @available(*, noasync, message: "in an async function, await the asynchronous receive")
    @inlinable @inline(__always) public func receive() throws -> Element {
        guard let me = try state.enter(.receive) else { return try receiveAway() }
        try me.prepareToWaitSynchronously()
        let (plan, holder) = try state.planReceive(me, .synchronous)
        if plan.action == .proceed { return try holder.take(as: Element.self) }
        me.performSynchronously(plan)
        if me.pointee.isInterrupted { throw me.takeInterruption(dropping: Element.self) }
        return try me.take(as: Element.self)
    }
}
