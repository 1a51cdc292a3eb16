// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import SchedulerSupport
package import Tasklets

/// The loop hands the kernel operations, and gets completions back: io_uring(7).
///
/// One system call a turn does both, and waits when nothing is runnable, until the next deadline; so at many
/// connections a system call serves many of them. While tasklets are runnable, the loop polls every so many switches,
/// and enters the kernel only if there is something to hand over, or the kernel says that it has something.
///
/// A ring belongs to one thread, so each run has its own. The first is made with the scheduler, which so learns whether
/// the kernel makes any; each other one when the run before has ended.
package final class IOUringScheduler: LoopDriver, @unchecked Sendable {
    // SAFETY: touched on the loop's thread, or while that does not run; except `wakeUp`, which is made for other
    // threads.
    private let timers = TimerHeap()
    private let waker: WakeUp
    private let options: SchedulerOptions
    private var network: RingNetwork?
    /// The ring of the next run, or of the one in progress.
    private var ring: Ring?
    private let calls = RingCalls()

    /// Switches between two polls.
    private let interval: Int

    /// As on `epoll`.
    private static let defaultInterval = 64

    /// Makes a scheduler.
    ///
    /// Throws ``SchedulerError`` with code `unsupported` where the kernel refuses io_uring, and `system` when no
    /// descriptor is left.
    package static func make(_ options: SchedulerOptions, _ switching: Switching) throws -> SchedulerCore {
        let driver = try IOUringScheduler(options)
        let core = SchedulerCore(driver, waiting: .swappingStacks, switching: switching, options: options)
        driver.network = RingNetwork(core, options, driver.calls)
        return core
    }

    private init(_ options: SchedulerOptions) throws {
        self.options = options
        interval = max(1, options.pollInterval ?? Self.defaultInterval)
        waker = try WakeUp(readsBack: false)
        try makeRing()
    }

    private func makeRing() throws(SchedulerError) {
        var buffers = Ring.Buffers()
        if let count = options.ringBuffers { buffers.count = count }
        ring = try Ring(waking: waker.descriptor, buffers, calls, options.retiresMemory)
    }

    package func checkMayRun() throws(SchedulerError) {
        if ring == nil { try makeRing() }
        try MainQueue.check()
    }

    package func network(for core: SchedulerCore) -> any Network {
        guard let network else { preconditionFailure("a driver without a scheduler") }
        return network
    }

    package func run(_ loop: OrderedLoop) {
        guard let ring else { preconditionFailure("a run without a ring") }
        ring.begin()
        network?.ring = ring
        MainQueue.served(by: loop) { TimerSlack.withNone(loop.runOnThisThread) }
        ring.finishSending()
        // First, so that nothing begins while everything ends.
        network?.ring = nil
        ring.end()
        self.ring = nil
        // Now, while a descriptor is free; `checkMayRun` tries again if none was.
        try? makeRing()
    }

    package func interval(_ loop: OrderedLoop) -> Int { interval }

    package func poll(_ loop: OrderedLoop) {
        if !timers.isEmpty { timers.wakeDue() }
        ring?.poll()
    }

    package func wait(_ loop: OrderedLoop) {
        let timeout = timers.earliest.nanosecondsLeft
        waker.wait(unless: { loop.hasInjections }) { ring?.wait(timeout: timeout) }
        timers.wakeDue()
    }

    package func wakeUp() { waker.signal() }

    package func arm(_ node: NodePointer) { timers.insert(node) }

    package func disarm(_ node: NodePointer) { timers.remove(node) }

    package var systemCalls: [String: UInt64] {
        waker.systemCalls.merging(calls.counts) { $0 + $1 }
    }
}
