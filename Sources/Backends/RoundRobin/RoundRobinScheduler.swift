// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import SchedulerSupport
package import Tasklets

/// Round-robin: every runnable tasklet has a turn, in the order in which they became runnable.
///
/// Once per full turn of the ring those whose sleep is over are woken, and those whose sockets are ready; when nobody is
/// runnable, the thread waits in ppoll(2), until a deadline, a socket, or a wake-up from another thread.
///
/// Read this one first. It is the whole strategy: the ring and its order are the core's (`SchedulerCore`), and so is
/// how a tasklet leaves the processor. What is left to say is where wake-ups come from, and when to look for them.
/// This is the classic Stackless arrangement: a scheduler that knows nothing of I/O, and a poll between its rounds.
package final class RoundRobinScheduler: Strategy, @unchecked Sendable {
    // SAFETY: touched on the loop's thread only, except `wakeUp`, which is made for other threads.
    private let timers = TimerHeap()
    private let alarm: WakeUp
    private let sockets: PolledSockets

    /// Makes a scheduler.
    ///
    /// Throws ``SchedulerError`` with code `system` when there is no descriptor left.
    package static func make(_ options: SchedulerOptions, _ switching: Switching) throws -> SchedulerCore {
        let strategy = try RoundRobinScheduler(options.socketFaults)
        return SchedulerCore(
            strategy: strategy,
            options: options,
            switching: switching,
            isOrdered: true,
            swapsStacks: true
        )
    }

    private init(_ faults: SocketFaults?) throws {
        alarm = try WakeUp(readsBack: true)
        sockets = PolledSockets(alarm: alarm.descriptor, faults)
    }

    package func network(for core: SchedulerCore) -> any Network { SocketNetwork(core, sockets) }

    package func run(_ core: SchedulerCore) { TimerSlack.withNone(core.runLoop) }

    /// A full turn is as many switches as there are tasklets in the ring.
    ///
    /// While nobody sleeps, or waits at a socket, there is nothing that a poll could find but a job from another thread,
    /// and a look at that every 64 switches is enough.
    package func interval(_ core: SchedulerCore) -> Int {
        timers.isEmpty && !sockets.areWatched ? 64 : max(core.runnableCount, 1)
    }

    package func poll(_ core: SchedulerCore) {
        if !timers.isEmpty { timers.wakeDue(core) }
        if sockets.areWatched { sockets.poll(for: 0) }
    }

    package func wait(_ core: SchedulerCore) {
        let limit = timers.earliest.nanosecondsLeft
        alarm.wait(unless: { core.hasInjectedJobs }) {
            sockets.poll(for: limit)
        }
        timers.wakeDue(core)
    }

    package func wakeUp() { alarm.signal() }

    package func arm(_ node: NodePointer) { timers.insert(node) }

    package func disarm(_ node: NodePointer) { timers.remove(node) }

    package var systemCalls: [String: UInt64] {
        alarm.systemCalls.merging(sockets.systemCalls) { $0 + $1 }
    }
}
