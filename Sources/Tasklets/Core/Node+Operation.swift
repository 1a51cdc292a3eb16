// SPDX-License-Identifier: Apache-2.0

internal import CSwitch
internal import Glibc
internal import Synchronization

/// Performing an operation on an endpoint. `self` is the calling tasklet.
extension UnsafeMutablePointer<Node> {
    /// Performs an operation, waiting until a deadline at most.
    ///
    /// Returns the result, which is not negative. Throws ``SchedulerError``: with code `timedOut` when the deadline has
    /// passed, and `system` when the operation has failed; or what was thrown into the tasklet while it waited.
    func perform(
        _ operation: Operation,
        on box: EndpointBox,
        _ buffer: UnsafeMutableRawBufferPointer,
        until deadline: Deadline,
        _ manner: Manner
    ) async throws -> Int {
        let result = try await tryToPerform(operation, on: box, buffer, until: deadline, manner)
        guard result < 0 else { return result }
        throw SchedulerError.failed(operation, errno: -result)
    }

    /// Performs an operation, and returns the result, or the negated errno with which it has failed.
    ///
    /// Throws all else that ``perform(_:on:_:until:_:)`` throws.
    func tryToPerform(
        _ operation: Operation,
        on box: EndpointBox,
        _ buffer: UnsafeMutableRawBufferPointer,
        until deadline: Deadline,
        _ manner: Manner
    ) async throws -> Int {
        if let departure = try giveWayIfDue(manner) {
            await leave(departure)
            if pointee.isInterrupted { throw takeInterruption() }
        }
        describe(operation, buffer)
        while !box.endpoint.attempt(self) {
            await leave(try wait(at: box, until: deadline, manner))
            if pointee.isInterrupted {
                if pointee.isOperationOver { dropResult() }
                throw takeInterruption()
            }
            if pointee.hasTimedOut { throw SchedulerError.timedOut(operation) }
            if pointee.isOperationOver { return result }
        }
        if pointee.owner.pointee.isOrdered { pointee.owner.pointee.noSwitch &+= 1 }
        return result
    }

    /// The tasklet will not see what has come of its operation: nobody would close a connection that it has accepted.
    private func dropResult() {
        guard pointee.operation == .accept, result >= 0 else { return }
        pointee.owner.pointee.core.close(takeAccepted())
    }

    private func wait(at box: EndpointBox, until deadline: Deadline, _ manner: Manner) throws -> Departure {
        let state = pointee.owner
        let core = state.pointee.core
        state.pointee.lock?.lock()
        try state.unlockingOnError {
            try core.checkBlockTrap(self)
            try core.willSuspend(self)
            if !deadline.isToCome { throw SchedulerError.timedOut(pointee.operation) }
        }
        pointee.state = .performing
        pointee.awaited = Unmanaged.passUnretained(box).toOpaque()
        pointee.isOperationOver = false
        pointee.hasTimedOut = false
        state.leaveRing(self)
        state.pointee.operationCount += 1
        if deadline != .never { state.setDeadline(deadline, of: self) }
        // A thread of its own has nothing else to do than to wait.
        let departure = state.depart(self, .io, state.pointee.switching == .kernel ? .plain : manner)
        state.arm(self)
        // Unless a callback has woken it as it left the processor.
        if pointee.state == .performing { box.endpoint.park(self) }
        return departure
    }

    /// An operation that need not wait is a switch that might have been; a tasklet that finds many gives way now and
    /// then, so that those that wait are looked after.
    ///
    /// Before the operation: what is thrown into the tasklet meanwhile would take the result of one that is over. Not under
    /// a switch trap, which is no business of an operation that need not wait.
    private func giveWayIfDue(_ manner: Manner) throws -> Departure? {
        let state = pointee.owner
        guard state.pointee.isOrdered else { return nil }
        state.pointee.fuel &-= 1
        return state.pointee.fuel > 0 || state.pointee.core.switchTrap > 0 ? nil : try giveWay(manner)
    }
}

extension SchedulerCore {
    /// A tasklet's operation is over, with its result in the hand; or it is worth another attempt.
    ///
    /// Called by the endpoint, which has let go of it, with the lock held, where there is one.
    package func complete(_ node: NodePointer, isOver: Bool) {
        node.pointee.isOperationOver = isOver
        state.pointee.operationCount -= 1
        if node.pointee.hasDeadline { state.disarm(node) }
        insert(node)
    }

    /// A tasklet's own thread has seen that another attempt is worth while, unless something else has woken it.
    ///
    /// Returns whether it still waited.
    package func continueOperation(_ node: NodePointer) -> Bool {
        withLock {
            guard node.pointee.state == .performing else { return false }
            detach(node)
            node.pointee.isOperationOver = false
            state.pointee.ringCount += 1
            node.pointee.state = .running
            return true
        }
    }

    /// From any thread: a stream may be let go of anywhere.
    func close(_ endpoint: any Endpoint) { perform(endpoint.close) }

    /// Does something in the scheduler's order, from any thread: at once where that can be.
    func perform(_ body: @escaping @Sendable () -> Void) {
        guard isOrdered else { return inOrder(body) }
        if sw_scheduler() == identity { return body() }
        if !doOutsideRuns(body) { inOrder(body) }
    }

    /// Does something at once, unless an ordered scheduler runs; a run that is about to begin waits meanwhile.
    ///
    /// Returns whether it was done.
    func doOutsideRuns(_ body: () -> Void) -> Bool {
        outsideRuns.lock()
        defer { outsideRuns.unlock() }
        guard !isInUse.load(ordering: .acquiring) else { return false }
        body()
        return true
    }

    /// Does something in the scheduler's order: with the lock held, or on the loop's thread.
    ///
    /// From any thread; on the loop's own, it is done when the loop looks at what others have left for it.
    package func inOrder(_ body: @escaping @Sendable () -> Void) {
        if isOrdered { inject(.call(body)) } else { withLock(body) }
    }

    /// Something else wakes a tasklet that performs an operation.
    func cancelOperation(_ node: NodePointer) {
        node.endpoint?.cancel(node)
        state.pointee.operationCount -= 1
    }
}

extension SchedulerError {
    fileprivate static func timedOut(_ operation: Operation) -> SchedulerError {
        SchedulerError(.timedOut, "\(operation): the deadline has passed")
    }

    static func failed(_ operation: Operation, errno code: Int) -> SchedulerError {
        failed("\(operation)", errno: CInt(code))
    }
}
