// SPDX-License-Identifier: Apache-2.0

/// What may speak against an operation, in the order in which it is looked at.
///
/// Each throws with nothing changed. Called by the running tasklet, with the lock held, where there is one, and by
/// operations that have found ``SpecialCases`` or are rare anyway.
extension SchedulerCore {
    /// Checks that the running tasklet may act on a channel, and calls the channel callback.
    func willAct(_ node: NodePointer, on channel: ChannelPointer, _ direction: Direction) throws {
        try refuseInCallback(node)
        let willBlock = channel.wouldBlock(direction)
        notifyChannelCallback(node, channel, direction, willBlock: willBlock)
        // Whoever has to wait is looked at when that has been found out.
        if isOrdered, channel.wouldGiveWay(direction) { try checkSwitchTrap() }
    }

    /// Checks that the running tasklet may leave the processor; to come back to it at once, where nobody else wants it.
    func willSuspend(_ node: NodePointer, isAlone: Bool = false) throws {
        try refuseInCallback(node)
        if node.pointee.awaitsInterruption { throw node.takeInterruption() }
        if !isAlone { try checkSwitchTrap() }
        if state.pointee.needsStack, !hasIdleStack() { throw SchedulerError.noStack() }
    }

    /// Checks that the running tasklet may wait for another.
    ///
    /// Throws `deadlock` where it is the last that could wake anybody, and main waits, or is this one.
    func willBlock(_ node: NodePointer, describe: (BlockedReport) -> BlockedTasklet) throws {
        try refuseInCallback(node)
        if node.pointee.awaitsInterruption { throw node.takeInterruption() }
        if isLastHope(node) {
            let report = BlockedReport(self)
            throw SchedulerError(
                .deadlock,
                "Deadlock: the last runnable tasklet cannot be blocked",
                blocked: report.tasklets + [describe(report)]
            )
        }
        try willSuspend(node)
    }

    /// Whether nothing would go on if the running tasklet waited for another.
    ///
    /// Where somebody is in ``Tasklet/runAll(budget:)``, or main is paused, that one would; where main has ended, those
    /// left are to be killed anyway.
    func isLastHope(_ node: NodePointer) -> Bool {
        guard runnableCount == 1, !canStillWake, watchdogs.isEmpty, let main = state.pointee.main else {
            return false
        }
        return main == node || main.pointee.state != .paused
    }

    func checkBlockTrap(_ node: NodePointer) throws {
        guard node.pointee.blockTrap else { return }
        throw SchedulerError(.blockTrap, "\(node.object) does not like to be blocked: its block trap is set")
    }

    func checkSwitchTrap() throws {
        guard switchTrapCount > 0 else { return }
        throw SchedulerError(.switchTrap, "switch_trap: a switch was due while the scheduler's switch trap is set")
    }

    func refuseInCallback(_ node: NodePointer) throws {
        guard node.pointee.isInCallback else { return }
        throw SchedulerError(
            .recursiveCallback,
            "Recursive call: a callback of the scheduler must not schedule, or use channels"
        )
    }
}

extension UnsafeMutablePointer<SchedulerState> {
    /// Runs a check that may throw; then the lock, held so far, is released.
    @inline(__always) func unlockingOnError<R>(_ check: () throws -> R) throws -> R {
        do { return try check() } catch {
            pointee.lock?.unlock()
            throw error
        }
    }
}
