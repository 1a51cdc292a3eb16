// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
package import Tasklets

/// The deadlines of one concurrent scheduler, of which a Dispatch timer keeps the earliest.
///
/// With the scheduler's lock held.
package final class DispatchTimers: @unchecked Sendable {
    // SAFETY: touched with the scheduler's lock held.
    private let heap = TimerHeap()
    private let timer = DispatchSource.makeTimerSource(flags: .strict)

    package init() {}

    deinit { timer.cancel() }

    /// Begins to wake the scheduler's tasklets when their deadlines have come.
    ///
    /// Once, before the first deadline. The timer may fire after a run, and after the scheduler's end, and does not keep
    /// the scheduler.
    package func activate(for core: SchedulerCore) {
        timer.setEventHandler { [weak self, weak core] in
            guard let self, let core else { return }
            withExtendedLifetime(core) { core.concurrentRunner.withLock { self.wakeDue() } }
        }
        timer.activate()
    }

    /// Adds a tasklet, whose deadline is set.
    package func insert(_ node: NodePointer) {
        heap.insert(node)
        setTimer()
    }

    /// Removes a tasklet, if it is there; the timer may fire for nothing then.
    package func remove(_ node: NodePointer) { heap.remove(node) }

    /// Wakes every tasklet whose deadline has come.
    private func wakeDue() {
        heap.wakeDue()
        setTimer()
    }

    private func setTimer() {
        guard heap.earliest != .never else { return }
        let time = DispatchTime(uptimeNanoseconds: heap.earliest.monotonicNanoseconds)
        timer.schedule(deadline: time, leeway: .nanoseconds(0))
    }
}
