// SPDX-License-Identifier: Apache-2.0

/// What a program may set on a scheduler, before and during a run: its callbacks and the switch trap.
struct Settings {
    var onError: (@Sendable (Tasklet, any Error) throws -> Void)?
    var onSwitch: (@Sendable (Tasklet?, Tasklet?) -> Void)?
    var onChannel: (@Sendable (ChannelEvent) -> Void)?
    var switchTrap = 0
}

/// The program reads back what it has set last, from any thread. The scheduler's tasklets use a copy, which is renewed
/// in order with what they do.
extension SchedulerCore {
    public var switchTrap: Int {
        get { settings.withLock { $0.switchTrap } }
        set { set { $0.switchTrap = newValue } }
    }

    public var errorHandler: (@Sendable (Tasklet, any Error) throws -> Void)? {
        get { settings.withLock { $0.onError } }
        set { set { $0.onError = newValue } }
    }

    public var scheduleCallback: (@Sendable (_ previous: Tasklet?, _ next: Tasklet?) -> Void)? {
        get { settings.withLock { $0.onSwitch } }
        set { set { $0.onSwitch = newValue } }
    }

    public var channelCallback: (@Sendable (ChannelEvent) -> Void)? {
        get { settings.withLock { $0.onChannel } }
        set { set { $0.onChannel = newValue } }
    }

    private func set(_ change: (inout Settings) -> Void) {
        let old = settings.withLock { settings in
            defer { change(&settings) }
            return settings
        }
        // The latest settings, also where another thread has changed them meanwhile: both threads do this.
        state.change { [self] in state.use(settings.withLock { $0 }) }
        // What a callback refers to may use the scheduler as it goes: not with the lock held.
        withExtendedLifetime(old) {}
    }
}

extension UnsafeMutablePointer<SchedulerState> {
    /// With the lock held.
    fileprivate func use(_ settings: Settings) {
        pointee.callbacks.settings = settings
        pointee.note(.switchTrap, settings.switchTrap > 0)
        noteCallbacks()
    }
}
