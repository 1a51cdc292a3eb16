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

    public var switchTrap: Int {
        get { withLock { state.pointee.callbacks.switchTrap } }
        set {
            state.change { [self] in
                state.pointee.callbacks.switchTrap = newValue
                state.pointee.note(.switchTrap, newValue > 0)
            }
        }
    }

    public var errorHandler: (@Sendable (Tasklet, any Error) throws -> Void)? {
        get { withLock { state.pointee.callbacks.onError } }
        set { state.change { [self] in state.pointee.callbacks.onError = newValue } }
    }

    public var scheduleCallback: (@Sendable (_ previous: Tasklet?, _ next: Tasklet?) -> Void)? {
        get { withLock { state.pointee.callbacks.onSwitch } }
        set {
            state.change { [self] in
                state.pointee.callbacks.onSwitch = newValue
                state.noteCallbacks()
            }
        }
    }

    public var channelCallback: (@Sendable (ChannelEvent) -> Void)? {
        get { withLock { state.pointee.callbacks.onChannel } }
        set {
            state.change { [self] in
                state.pointee.callbacks.onChannel = newValue
                state.noteCallbacks()
            }
        }
    }
}
