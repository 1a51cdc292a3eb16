// SPDX-License-Identifier: Apache-2.0

/// The callbacks and the switch trap, as the scheduler's tasklets see them.
///
/// Callbacks run with the scheduler's lock held, which is recursive, so that they may look at tasklets and channels.
struct Callbacks {
    var settings = Settings()
    /// How many callbacks are running.
    var depth = 0
    /// The schedule callback was told that no tasklet runs next, and is still to be told which one does.
    var owesNext = false

    /// Whether operations have to look at callbacks.
    ///
    /// A callback that removes itself is still running, and must not act until it returns.
    var arePresent: Bool { settings.onSwitch != nil || settings.onChannel != nil || depth > 0 }
}

extension UnsafeMutablePointer<Node> {
    /// Calls the channel callback.
    ///
    /// `self` is the running tasklet.
    func notifyChannelCallback(_ channel: ChannelPointer, _ direction: Direction, willBlock: Bool) {
        let state = pointee.owner
        guard let callback = state.pointee.callbacks.settings.onChannel else { return }
        let event = ChannelEvent(
            channel: channel.pointee.name ?? "",
            tasklet: object,
            isSending: direction == .send,
            willBlock: willBlock
        )
        state.call(in: self) { callback(event) }
    }
}

extension UnsafeMutablePointer<SchedulerState> {
    /// A tasklet is about to leave the processor, and the run queue is arranged: its current tasklet runs next, where
    /// that is known.
    func notifyScheduleCallback(_ node: NodePointer) {
        guard let callback = pointee.callbacks.settings.onSwitch else { return }
        let next = pointee.runQueue.current?.object
        pointee.callbacks.owesNext = next == nil
        call(in: node) { callback(node.object, next) }
        // The callback itself may have made a tasklet runnable.
        if pointee.callbacks.owesNext, let next = pointee.runQueue.current {
            pointee.callbacks.owesNext = false
            call(in: node) { callback(nil, next.object) }
        }
    }

    /// No tasklet had the processor, and now this one gets it.
    func notifyScheduleCallback(afterIdle node: NodePointer) {
        guard pointee.callbacks.owesNext, let callback = pointee.callbacks.settings.onSwitch else { return }
        pointee.callbacks.owesNext = false
        callback(nil, node.object)
    }

    /// Returns what the error handler leaves of an error: nil when it has handled it.
    ///
    /// Called in the tasklet that ends, without the lock.
    func callErrorHandler(_ failure: any Error, of node: NodePointer) -> (any Error)? {
        guard let handler = withLock({ pointee.callbacks.settings.onError }) else { return failure }
        do {
            try handler(node.object, failure)
            return nil
        } catch {
            return error
        }
    }

    fileprivate func call(in node: NodePointer, _ callback: () -> Void) {
        let outer = node.pointee.isInCallback
        node.pointee.isInCallback = true
        pointee.callbacks.depth += 1
        noteCallbacks()
        callback()
        pointee.callbacks.depth -= 1
        node.pointee.isInCallback = outer
        noteCallbacks()
    }

    func noteCallbacks() { pointee.note(.callback, pointee.callbacks.arePresent) }
}
