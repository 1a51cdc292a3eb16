// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import SchedulerSupport
package import Tasklets

/// Round-robin: every runnable tasklet has a turn, in the order in which they became runnable.
///
/// Once per full turn of the run queue the scheduler wakes the tasklets whose deadlines or sockets are due; when
/// nothing is runnable, the thread waits in ppoll(2), until a deadline, a socket, or a wake-up from another thread.
///
/// Each of these polls hands the kernel every socket at which a tasklet waits. So a turn takes time in proportion to
/// the open connections, idle ones included: about as long with some hundreds of them as everything else that the turn
/// does, and tens of milliseconds with tens of thousands, which is no longer a server. `epoll` and the other backends
/// pay for sockets at which something happens. The workload `echo-idle` measures the difference.
///
/// Read this one first. It is the whole backend: the run queue and its order are the core's (`OrderedLoop`), and so is
/// how a tasklet leaves the processor. What remains is where wake-ups come from, and when to look for them. This is the
/// classic Stackless arrangement: a scheduler that knows nothing of I/O, and a poll between its rounds.
package final class RoundRobinScheduler: LoopDriver, @unchecked Sendable {
    // SAFETY: touched on the loop's thread only, except `wakeUp`, which is made for other threads.
    private let timers = TimerHeap()
    private let waker: WakeUp
    private let sockets: PolledSockets

    /// Makes a scheduler.
    ///
    /// Throws ``SchedulerError`` with code `system` when no descriptor is left.
    package static func make(_ options: SchedulerOptions, _ switching: Switching) throws -> SchedulerCore {
        let driver = try RoundRobinScheduler(options.socketFaults)
        return SchedulerCore(driver, waiting: .swappingStacks, switching: switching, options: options)
    }

    private init(_ faults: SocketFaults?) throws {
        waker = try WakeUp(readsBack: true)
        sockets = PolledSockets(wakeUp: waker.descriptor, faults)
    }

    package func checkMayRun() throws(SchedulerError) { try MainQueue.check() }

    package func network(for core: SchedulerCore) -> any Network { SocketNetwork(core, sockets) }

    package func run(_ loop: OrderedLoop) {
        MainQueue.served(by: loop) { TimerSlack.withNone(loop.runOnThisThread) }
    }

    /// A full turn is as many switches as there are tasklets in the run queue.
    ///
    /// Without deadlines and waiting sockets, a poll could find nothing but a job from another thread, and a look at
    /// that every 64 switches is enough.
    package func interval(_ loop: OrderedLoop) -> Int {
        timers.isEmpty && !sockets.areWatched ? 64 : max(loop.runnableCount, 1)
    }

    package func poll(_ loop: OrderedLoop) {
        if !timers.isEmpty { timers.wakeDue() }
        if sockets.areWatched { sockets.poll(timeout: 0) }
    }

    package func wait(_ loop: OrderedLoop) {
        let timeout = timers.earliest.nanosecondsLeft
        waker.wait(unless: { loop.hasInjections }) { sockets.poll(timeout: timeout) }
        timers.wakeDue()
    }

    package func wakeUp() { waker.signal() }

    package func arm(_ node: NodePointer) { timers.insert(node) }

    package func disarm(_ node: NodePointer) { timers.remove(node) }

    package var systemCalls: [String: UInt64] {
        waker.systemCalls.merging(sockets.systemCalls) { $0 + $1 }
    }
}
