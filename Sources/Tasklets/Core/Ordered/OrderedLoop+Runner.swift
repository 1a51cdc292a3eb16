// SPDX-License-Identifier: Apache-2.0

/// What the rest of the core asks of an ordered scheduler's runner.
extension OrderedLoop {
    package var driver: any Driver { loopDriver }

    package var isOrdered: Bool { true }

    package func run() { loopDriver.run(self) }

    package func finish() {}

    /// How many tasklets are in the run queue.
    package var runnableCount: Int { state.pointee.runQueue.count }

    package func dequeue(_ node: NodePointer) -> Bool {
        state.pointee.runQueue.remove(node)
        return true
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
}
