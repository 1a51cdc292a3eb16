// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// What the rest of the core asks of an ordered scheduler's runner.
extension OrderedLoop {
    package var driver: any Driver { loopDriver }

    package var isOrdered: Bool { true }

    package func reset() { state.pointee.fuel = 0 }

    package func run() { loopDriver.run(self) }

    package func finish() {}

    package var canReturn: Bool { state.pointee.stacks.isHomeFree }

    // MARK: The run queue

    package var runnableCount: Int { state.pointee.runQueue.count }

    package func enqueue(_ node: NodePointer) { state.pointee.runQueue.append(node) }

    package func dequeue(_ node: NodePointer) -> Bool {
        state.pointee.runQueue.remove(node)
        return true
    }

    package func leaveRunQueue(_ node: NodePointer) { state.pointee.runQueue.remove(node) }

    /// The others keep their places, and run after it.
    package func runNext(_ node: NodePointer) { state.pointee.runQueue.current = node }

    /// A tasklet that parks hard needs a stack for the loop to continue on.
    package func mayHandOver() -> Bool { !state.pointee.needsStack || state.hasIdleStack() }

    package var switchesOnHandOver: Bool { true }

    package var keepsReadyThreadsParked: Bool { true }

    // MARK: Leaving the processor

    package func planYield(_ node: NodePointer, _ context: CallContext) throws -> SwitchPlan {
        let isAlone = node.pointee.next == node
        try node.checkMayLeave(isAlone: isAlone)
        return node.planRotation(isAlone: isAlone, context)
    }

    /// A tasklet whose operations never have to wait yields now and then, so that deadlines and sockets are polled.
    ///
    /// Not under a switch trap, which does not concern an operation that need not wait.
    package func planYieldIfDue(_ node: NodePointer, _ context: CallContext) throws -> SwitchPlan? {
        state.pointee.fuel &-= 1
        return state.pointee.fuel > 0 || core.callbacks.switchTrap > 0 ? nil : try node.planYield(context)
    }

    package func planSwitch(
        from node: NodePointer,
        to target: NodePointer,
        pausing: Bool,
        _ cause: SwitchCause,
        _ context: CallContext
    ) -> SwitchPlan {
        if pausing { state.pointee.runQueue.remove(node) }
        node.pointee.state = pausing ? .paused : .ready
        state.pointee.runQueue.current = target
        return state.planSwitch(from: node, cause, context)
    }

    package func willReturnToLoop() {}

    package func willSuspend(_ node: NodePointer, isOnActor: Bool) {}

    package func releaseClaim() {}

    /// Where nothing can wake any more, what runs next is known at once, and switched to.
    package func willLeave() {
        guard state.pointee.runQueue.current == nil, !state.canStillWake else { return }
        if !core.watchdogs.isEmpty || state.pointee.roster.main != nil { state.resolveStall() }
    }

    package func countOperationAtOnce() { state.pointee.noSwitch &+= 1 }

    package func stopDeferring(_ node: NodePointer) {}

    // MARK: Starting and ending

    package func willEnd(_ node: NodePointer) {}

    package func didEnd(_ node: NodePointer) {
        willLeave()
        if state.pointee.runQueue.current != nil { state.countEnd(of: node) }
    }

    package func didStart(_ node: NodePointer) { node.markRunning() }

    package var ownsTaskMemory: Bool { true }
}
