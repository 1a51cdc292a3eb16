// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import SchedulerSupport
package import Tasklets

/// The loop is a reactor: when nothing is runnable, it waits in epoll(7), with time-outs of nanoseconds; while tasklets
/// are runnable, it polls every so many switches, so that a chattering pair can keep neither sleepers nor sockets
/// waiting.
package final class EpollScheduler: LoopDriver, @unchecked Sendable {
    // SAFETY: touched on the loop's thread only, except `wakeUp`, which is made for other threads.
    private let timers = TimerHeap()
    private let waker: WakeUp
    private let epoll: CInt
    private let sockets: EpollSockets

    /// Switches between two polls.
    private let interval: Int

    /// Often enough that a sleeper is a microsecond late, seldom enough that a switch does not pay for it.
    ///
    /// Go and Tokio poll every 61 turns.
    private static let defaultInterval = 64

    /// Makes a scheduler.
    ///
    /// Throws ``SchedulerError`` with code `system` when no descriptor is left.
    package static func make(_ options: SchedulerOptions, _ switching: Switching) throws -> SchedulerCore {
        let driver = try EpollScheduler(options)
        return SchedulerCore(driver, waiting: .swappingStacks, switching: switching, options: options)
    }

    private init(_ options: SchedulerOptions) throws {
        interval = max(1, options.pollInterval ?? Self.defaultInterval)
        // The eventfd is registered edge-triggered and never read: every write is an edge of its own.
        waker = try WakeUp(readsBack: false)
        epoll = try Syscall.perform("epoll_create1") { linux_epoll_create() } ?? -1
        sockets = EpollSockets(epoll: epoll, options.socketFaults)
        // Last: an error that is thrown once every property is set runs `deinit`, which closes the instance.
        _ = try Syscall.perform("epoll_ctl") { linux_epoll_add(epoll, waker.descriptor, EpollSockets.wakeUpData) }
    }

    deinit { linux_close(epoll) }

    package func checkMayRun() throws(SchedulerError) { try MainQueue.check() }

    package func network(for core: SchedulerCore) -> any Network { SocketNetwork(core, sockets) }

    package func run(_ loop: OrderedLoop) {
        MainQueue.served(by: loop) { TimerSlack.withNone(loop.runOnThisThread) }
    }

    package func interval(_ loop: OrderedLoop) -> Int { interval }

    package func poll(_ loop: OrderedLoop) {
        if !timers.isEmpty { timers.wakeDue() }
        if sockets.areWatched { sockets.pollEvents(timeout: 0) }
    }

    package func wait(_ loop: OrderedLoop) {
        let timeout = timers.earliest.nanosecondsLeft
        waker.wait(unless: { loop.hasInjections }) { sockets.pollEvents(timeout: timeout) }
        timers.wakeDue()
    }

    package func wakeUp() { waker.signal() }

    package func arm(_ node: NodePointer) { timers.insert(node) }

    package func disarm(_ node: NodePointer) { timers.remove(node) }

    package var systemCalls: [String: UInt64] {
        waker.systemCalls.merging(sockets.systemCalls) { $0 + $1 }
    }
}
