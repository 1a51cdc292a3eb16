// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// The callbacks and traps that a program may set.
///
/// They are called with the scheduler's lock held, where there is one; it is recursive, so that they may look at
/// tasklets and channels.
struct Callbacks {
    var onError: (@Sendable (Tasklet, any Error) throws -> Void)?
    var onSwitch: (@Sendable (Tasklet?, Tasklet?) -> Void)?
    var onChannel: (@Sendable (ChannelEvent) -> Void)?
}

extension SchedulerCore {
    public var switchTrap: Int {
        get { withLock { switchTrapCount } }
        set {
            withLock {
                switchTrapCount = newValue
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
        set { setCallback { $0.onSwitch = newValue } }
    }

    public var channelCallback: (@Sendable (ChannelEvent) -> Void)? {
        get { withLock { callbacks.onChannel } }
        set { setCallback { $0.onChannel = newValue } }
    }

    private func setCallback(_ change: (inout Callbacks) -> Void) {
        withLock {
            change(&callbacks)
            // One that takes itself away is still being called, and must not act meanwhile.
            updateCallbackCase()
        }
    }

    private func updateCallbackCase() {
        let isPresent = callbacks.onSwitch != nil || callbacks.onChannel != nil || callbackDepth > 0
        state.pointee.note(.callback, isPresent)
    }

    // MARK: Calling them

    func notifyChannelCallback(
        _ node: NodePointer,
        _ channel: ChannelPointer,
        _ direction: Direction,
        willBlock: Bool
    ) {
        guard let callback = callbacks.onChannel else { return }
        let event = ChannelEvent(
            channel: channel.pointee.name ?? "",
            tasklet: node.object,
            isSending: direction == .send,
            willBlock: willBlock
        )
        call(in: node) { callback(event) }
    }

    /// A tasklet is about to leave the processor, and the ring is arranged: `current` is who goes on, if that is known.
    func notifyScheduleCallback(_ node: NodePointer) {
        guard let callback = callbacks.onSwitch else { return }
        let next = state.pointee.current?.object
        owesNext = isOrdered && next == nil
        call(in: node) { callback(node.object, next) }
        // The callback itself may have made somebody runnable.
        if owesNext, let next = state.pointee.current {
            owesNext = false
            call(in: node) { callback(nil, next.object) }
        }
    }

    /// Nobody had the processor, and now this tasklet gets it.
    func notifyScheduleCallback(afterIdle node: NodePointer) {
        guard owesNext, let callback = callbacks.onSwitch else { return }
        owesNext = false
        callback(nil, node.object)
    }

    /// Returns what is left of the error: nil when the handler has dealt with it.
    ///
    /// Called in the dying tasklet, without the lock.
    func handle(_ failure: any Error, of node: NodePointer) -> (any Error)? {
        guard let handler = errorHandler else { return failure }
        do {
            try handler(node.object, failure)
            return nil
        } catch {
            return error
        }
    }

    private func call(in node: NodePointer, _ callback: () -> Void) {
        let outer = node.pointee.isInCallback
        node.pointee.isInCallback = true
        callbackDepth += 1
        updateCallbackCase()
        callback()
        callbackDepth -= 1
        node.pointee.isInCallback = outer
        updateCallbackCase()
    }
}
