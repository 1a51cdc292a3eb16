// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import SchedulerSupport
package import Tasklets

/// The loop is a reactor: when nobody is runnable, it waits in epoll(7), until a deadline of nanoseconds; while tasklets
/// are runnable, it looks at what is due every so many switches, so that a chattering pair can keep neither sleepers nor
/// sockets waiting.
package final class EpollScheduler: Strategy, @unchecked Sendable {
    // SAFETY: touched on the loop's thread only, except `wakeUp`, which is made for other threads.
    private let timers = TimerHeap()
    private let alarm: WakeUp
    private let epoll: CInt
    private let sockets: EpollSockets

    /// Switches between two looks at the outside world.
    private let interval: Int

    /// Often enough that a sleeper is a microsecond late, seldom enough that a switch does not pay for it.
    ///
    /// Go and Tokio look every 61 turns.
    private static let usualInterval = 64

    /// Makes a scheduler.
    ///
    /// Throws ``SchedulerError`` with code `system` when there is no descriptor left.
    package static func make(_ options: SchedulerOptions, _ switching: Switching) throws -> SchedulerCore {
        let strategy = try EpollScheduler(options)
        return SchedulerCore(
            strategy: strategy,
            options: options,
            switching: switching,
            isOrdered: true,
            swapsStacks: true
        )
    }

    private init(_ options: SchedulerOptions) throws {
        interval = max(1, options.pollInterval ?? Self.usualInterval)
        // The eventfd is registered edge-triggered and never read: every write is an edge of its own.
        alarm = try WakeUp(readsBack: false)
        epoll = try Syscall.perform("epoll_create1") { linux_epoll_create() } ?? -1
        let descriptor = alarm.descriptor
        let instance = epoll
        _ = try Syscall.perform("epoll_ctl") { linux_epoll_add(instance, descriptor, EpollSockets.alarm) }
        sockets = EpollSockets(epoll: instance, options.socketFaults)
    }

    deinit { linux_close(epoll) }

    package func network(for core: SchedulerCore) -> any Network { SocketNetwork(core, sockets) }

    package func run(_ core: SchedulerCore) { TimerSlack.withNone(core.runLoop) }

    package func interval(_ core: SchedulerCore) -> Int { interval }

    package func poll(_ core: SchedulerCore) {
        if !timers.isEmpty { timers.wakeDue(core) }
        if sockets.areWatched { sockets.lookFor(events: 0) }
    }

    package func wait(_ core: SchedulerCore) {
        let limit = timers.earliest.nanosecondsLeft
        alarm.wait(unless: { core.hasInjectedJobs }) {
            sockets.lookFor(events: limit)
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
