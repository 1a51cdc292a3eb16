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

    public var blockedTasklets: [BlockedTasklet] { withLock { blockedNow } }

    public var switchTrap: Int {
        get { withLock { callbacks.switchTrap } }
        set {
            withLock {
                callbacks.switchTrap = newValue
                state.pointee.note(.switchTrap, newValue > 0)
            }
        }
    }

    public var errorHandler: (@Sendable (Tasklet, any Error) throws -> Void)? {
        get { withLock { callbacks.onError } }
        set { withLock { callbacks.onError = newValue } }
    }

    public var scheduleCallback: (@Sendable (_ previous: Tasklet?, _ next: Tasklet?) -> Void)? {
        get { withLock { callbacks.onSwitch } }
        set {
            withLock {
                callbacks.onSwitch = newValue
                noteCallbacks()
            }
        }
    }

    public var channelCallback: (@Sendable (ChannelEvent) -> Void)? {
        get { withLock { callbacks.onChannel } }
        set {
            withLock {
                callbacks.onChannel = newValue
                noteCallbacks()
            }
        }
    }
}
