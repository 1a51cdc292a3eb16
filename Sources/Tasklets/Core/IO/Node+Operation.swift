// SPDX-License-Identifier: Apache-2.0

/// How many operations of tasklets may follow each other without a switch when the loop is to poll.
private let operationsUntilYield = 32

/// Performing an I/O operation on an endpoint. `self` is the calling tasklet.
extension UnsafeMutablePointer<Node> {
    /// Performs an operation, waiting until a deadline at most.
    ///
    /// Returns the result, which is not negative. Throws ``SchedulerError``: with code `timedOut` when the deadline has
    /// passed, and `system` when the operation has failed; or what was thrown into the tasklet while it waited.
    @inline(__always) func perform(
        _ operation: Operation,
        on box: EndpointBox,
        _ buffer: UnsafeMutableRawBufferPointer,
        until deadline: Deadline,
        _ context: CallContext
    ) async throws -> Int {
        let result = try await tryToPerform(operation, on: box, buffer, until: deadline, context)
        guard result < 0 else { return result }
        throw SchedulerError.failed(operation, errno: -result)
    }

    /// Performs an operation, and returns the result, or the negated errno with which it has failed.
    ///
    /// Throws everything else that ``perform(_:on:_:until:_:)`` throws.
    @inline(__always) func tryToPerform(
        _ operation: Operation,
        on box: EndpointBox,
        _ buffer: UnsafeMutableRawBufferPointer,
        until deadline: Deadline,
        _ context: CallContext
    ) async throws -> Int {
        let result = try await performUnlessTimedOut(operation, on: box, buffer, until: deadline, context)
        guard let result else { throw SchedulerError.timedOut(operation) }
        return result
    }

    /// Performs an operation, and returns the result, or the negated errno; or nil when the deadline has passed.
    ///
    /// Then the slot of a write says what is left of the buffer. Throws what was thrown into the tasklet while it
    /// waited, and where it must not wait.
    ///
    /// Inlined into every operation of the API: a call of an asynchronous function costs as much as what it does here.
    @inline(__always) func performUnlessTimedOut(
        _ operation: Operation,
        on box: EndpointBox,
        _ buffer: UnsafeMutableRawBufferPointer,
        until deadline: Deadline,
        _ context: CallContext
    ) async throws -> Int? {
        // Before the operation: an error thrown into the tasklet meanwhile would take the place of a result.
        if isYieldDue() {
            await perform(try planYield(context))
            if pointee.isInterrupted { throw takeInterruption() }
        }
        prepare(operation, buffer)
        while !box.endpoint.attempt(self) {
            guard let plan = try planWait(at: box, until: deadline, context) else { return nil }
            await perform(plan)
            if pointee.isInterrupted {
                if pointee.isOperationComplete { dropResult() }
                throw takeInterruption()
            }
            if pointee.hasTimedOut { return nil }
            if pointee.isOperationComplete { return result }
        }
        countNoSwitch()
        return result
    }

    /// Counts an operation that was complete at once.
    @inline(__always) func countNoSwitch() {
        if pointee.owner.pointee.concurrent == nil { pointee.owner.pointee.noSwitch &+= 1 }
    }

    /// A tasklet whose operations never have to wait yields now and then, so that deadlines and sockets are polled.
    ///
    /// Not as soon as the loop may poll: where every switch is a turn of the host's queue, each operation would take a
    /// turn of its own. Not on a concurrent scheduler, whose threads are preempted; and not under a switch trap, which
    /// does not concern an operation that need not wait.
    @inline(__always) func isYieldDue() -> Bool {
        let state = pointee.owner
        guard state.pointee.concurrent == nil else { return false }
        state.pointee.fuel &-= 1
        return state.pointee.fuel <= -operationsUntilYield && state.pointee.callbacks.settings.switchTrap == 0
    }

    /// The tasklet will not see the result of its operation: a connection that it has accepted is closed.
    private func dropResult() {
        guard pointee.operation == .accept, result >= 0 else { return }
        pointee.owner.pointee.core.close(takeAccepted())
    }

    /// Plans the wait for an endpoint; nil if the deadline has passed.
    private func planWait(at box: EndpointBox, until deadline: Deadline, _ context: CallContext) throws -> SwitchPlan? {
        let state = pointee.owner
        state.pointee.lock.lock()
        try state.unlockingOnError {
            try checkBlockTrap()
            try checkMayLeave()
        }
        guard deadline.isToCome else {
            state.pointee.lock.unlock()
            return nil
        }
        pointee.state = .performing
        pointee.awaited = Unmanaged.passUnretained(box).toOpaque()
        pointee.isOperationComplete = false
        pointee.hasTimedOut = false
        state.leaveRunQueue(self)
        state.pointee.waits.operations += 1
        if deadline != .never { setDeadline(deadline) }
        let plan = state.planSwitch(from: self, .io, context)
        arm()
        // Unless a callback has woken it as it left the processor.
        if pointee.state == .performing { box.endpoint.park(self) }
        return plan
    }

    /// Something else wakes a tasklet that performs an operation.
    ///
    /// With the lock held.
    func cancelOperation() {
        endpoint?.cancel(self)
        pointee.owner.pointee.waits.operations -= 1
    }
}

extension SchedulerCore {
    /// A tasklet's operation has completed, with its result in the slot; or it is worth another attempt.
    ///
    /// Called by the endpoint, which no longer keeps the tasklet, with the lock held.
    package func complete(_ node: NodePointer, isComplete: Bool) {
        node.pointee.isOperationComplete = isComplete
        state.pointee.waits.operations -= 1
        if node.pointee.timer.isSet { node.disarm() }
        if node.pointee.state == .outstanding { node.becomeDue() } else { state.makeReady(node) }
    }

    /// From any thread: the last reference to a stream may be dropped anywhere.
    func close(_ endpoint: any Endpoint) { runner.perform(endpoint.close) }
}

extension SchedulerError {
    static func timedOut(_ operation: Operation) -> SchedulerError {
        SchedulerError(.timedOut, "\(operation): the deadline has passed")
    }

    static func failed(_ operation: Operation, errno code: Int) -> SchedulerError {
        failed("\(operation)", errno: CInt(code))
    }
}
