// SPDX-License-Identifier: Apache-2.0

extension Channel {
    /// ``send(_:)-async`` for synchronous code that runs in a tasklet, for example inside a closure given to `map`.
    ///
    /// Blocks hard: the machine stack is set aside with all the frames on it, or, on schedulers whose tasklets move
    /// between threads, the thread blocks.
    @available(*, noasync, message: "in an async function, await the asynchronous send")
    @inlinable public func send(_ element: Element) throws {
        let me = try state.enter(.send)
        try me.prepareToBlockThread(state)
        if let partner = state.pointee.receivers.first {
            let departure = state.takeReceiver(for: me, .synchronous)
            partner.put(element)
            me.leaveSynchronously(departure)
            if me.pointee.isInterrupted { throw me.takeInterruption() }
        } else if state.pointee.room > 0 {
            putIntoBuffer(.success(element), me)
        } else {
            let departure = try state.waitAsSender(me, .synchronous)
            me.put(element)
            me.leaveSynchronously(departure)
            if me.pointee.isInterrupted { throw me.takeInterruption(dropping: Element.self) }
        }
    }

    /// ``receive()-async`` for synchronous code that runs in a tasklet.
    ///
    /// Blocks hard, as ``send(_:)-sync`` does.
    @available(*, noasync, message: "in an async function, await the asynchronous receive")
    @inlinable public func receive() throws -> Element {
        let me = try state.enter(.receive)
        try me.prepareToBlockThread(state)
        if state.pointee.bufferedCount > 0 { return try takeFromBuffer(me).get() }
        if let partner = state.pointee.senders.first {
            let departure = state.takeSender(for: me, .synchronous)
            let element = partner.takeResult(as: Element.self)
            me.leaveSynchronously(departure)
            if me.pointee.isInterrupted { throw me.takeInterruption() }
            return try element.get()
        }
        me.leaveSynchronously(try state.waitAsReceiver(me, .synchronous))
        if me.pointee.isInterrupted { throw me.takeInterruption(dropping: Element.self) }
        return try me.take(as: Element.self)
    }
}
