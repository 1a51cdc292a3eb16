// SPDX-License-Identifier: Apache-2.0

/// What may forbid an operation, in the order in which it is checked. `self` is the running tasklet.
///
/// Each throws with nothing changed. With the lock held; called by operations that have found ``SpecialCases``, or that
/// are rare anyway.
extension UnsafeMutablePointer<Node> {
    /// Checks that the tasklet may act on a channel, and calls the channel callback.
    func checkMayAct(on channel: ChannelPointer, _ direction: Direction) throws {
        try refuseInCallback()
        notifyChannelCallback(channel, direction, willBlock: channel.wouldBlock(direction))
        // An operation that has to wait is checked once that is known.
        if pointee.owner.pointee.concurrent == nil, channel.wouldGiveWay(direction) { try checkSwitchTrap() }
    }

    /// Checks that the tasklet may leave the processor; to come back to it at once, where it `isAlone`.
    func checkMayLeave(isAlone: Bool = false) throws {
        try refuseInCallback()
        if pointee.hasPendingInterruption { throw takeInterruption() }
        if !isAlone { try checkSwitchTrap() }
        let state = pointee.owner
        if !state.hasRoomToPark() { throw SchedulerError.noRoom() }
    }

    /// Checks that the tasklet may wait for another.
    ///
    /// Throws `deadlock` where it is the last that could wake any, and main waits, or is this one.
    func checkMayBlock(describe: (BlockedReport) -> BlockedTasklet) throws {
        try refuseInCallback()
        if pointee.hasPendingInterruption { throw takeInterruption() }
        if isLastHope {
            let report = BlockedReport(pointee.owner)
            throw SchedulerError(
                .deadlock,
                "Deadlock: the last runnable tasklet cannot be blocked",
                blocked: report.tasklets + [describe(report)]
            )
        }
        try checkMayLeave()
    }

    /// Whether nothing would run if the tasklet waited for another.
    ///
    /// A tasklet in ``Tasklet/runAll(budget:)`` would run, and so would a paused main; where main has ended, the
    /// remaining tasklets are to be killed anyway.
    var isLastHope: Bool {
        let state = pointee.owner
        guard state.runnableCount == 1, !state.canStillWake, state.pointee.watchdogs.isEmpty,
            let main = state.pointee.roster.main
        else { return false }
        return main == self || main.pointee.state != .paused
    }

    func checkBlockTrap() throws {
        guard pointee.blockTrap else { return }
        throw SchedulerError(.blockTrap, "\(object) does not like to be blocked: its block trap is set")
    }

    private func checkSwitchTrap() throws {
        guard pointee.owner.pointee.callbacks.settings.switchTrap > 0 else { return }
        throw SchedulerError(.switchTrap, "switch_trap: a switch was due while the scheduler's switch trap is set")
    }

    package func refuseInCallback() throws {
        guard pointee.isInCallback else { return }
        throw SchedulerError(
            .recursiveCallback,
            "Recursive call: a callback of the scheduler must not schedule, or use channels"
        )
    }
}
