// SPDX-License-Identifier: Apache-2.0

/// What programs see of a scheduler; see ``Scheduler``.
extension SchedulerCore {
    public var isOrdered: Bool { runner.isOrdered }

    public var switching: Switching { state.pointee.switching }

    public var counters: SchedulerCounters {
        withLock {
            var counters = SchedulerCounters(noSwitch: state.pointee.noSwitch, systemCalls: driver.systemCalls)
            state.pointee.switchTally.snapshot(into: &counters)
            return counters
        }
    }

    public var blockedTasklets: [BlockedTasklet] {
        state.isOutOfReach ? [] : withLock { BlockedReport(state).tasklets }
    }
}
