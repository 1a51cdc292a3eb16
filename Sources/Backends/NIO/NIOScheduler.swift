// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import NIOCore
internal import NIOPosix
internal import SchedulerSupport
internal import Synchronization
package import Tasklets

/// The reactor instead of `run()`: a SwiftNIO event loop owns the thread that called `run`, and the tasklets are its
/// guests.
///
/// A slice of the guest is one task of the event loop. It lasts until nothing is runnable; then the event loop waits,
/// in its own epoll(7). While tasklets are runnable and channels are open, it lasts no longer than `maximumSlice`, so
/// that the event loop can serve the channels. The run queue and its order are the core's, as on every ordered
/// scheduler; sockets are NIO's channels.
///
/// A heap keeps the deadlines, and the event loop only the earliest, and only while it waits. A scheduled task for each
/// sleeper would cost several allocations, and equal deadlines would wake in any order: NIO's queue is a heap without a
/// tie-break.
package final class NIOScheduler: LoopDriver, @unchecked Sendable {
    // SAFETY: touched on the event loop's thread only, except what is marked as shared, which is made for other
    // threads.
    private unowned(unsafe) var loop: OrderedLoop?
    private unowned(unsafe) var core: SchedulerCore?
    private let timers = TimerHeap()
    private var reactor: Reactor?
    /// The deadline that the event loop keeps, and its task for that.
    private var armedFor = Deadline.never
    private var timerTask: Scheduled<Void>?
    /// When the event loop last served its channels.
    private var servedAt = Deadline.now
    private var hasWaited = false
    /// Shared: the event loop waits, or is about to, and no thread has ended that yet.
    private let isWaiting = Atomic<Bool>(false)
    /// Shared: what ends the wait; nil when no run is in progress.
    private let waker = Guarded<Reactor?>(nil)

    /// Switches between two readings of the clock.
    private static let interval = 64

    /// How long tasklets may keep the event loop from its channels, in nanoseconds.
    ///
    /// To switch there and back costs a few microseconds, system calls included.
    private static let maximumSlice: UInt64 = 25_000

    package static func make(_ options: SchedulerOptions, _ switching: Switching) -> SchedulerCore {
        let driver = NIOScheduler()
        let core = SchedulerCore(driver, waiting: .swappingStacks, switching: switching, options: options)
        driver.core = core
        driver.loop = core.orderedLoop
        return core
    }

    private init() {}

    /// The event loop makes the system calls, and does not count them.
    package var systemCalls: [String: UInt64] { [:] }

    /// An event loop has an epoll instance, an eventfd and a timerfd; it is made when the main queue has its own.
    package func checkMayRun() throws(SchedulerError) {
        try FreeDescriptors.check(3 + MainQueue.descriptors, for: "for an event loop of SwiftNIO's")
    }

    package func network(for core: SchedulerCore) -> any Network {
        guard let reactor else { preconditionFailure("the network was asked for outside a run") }
        return reactor
    }

    // MARK: Runs

    /// A thread that is an event loop already cannot become another one: then it waits for a thread that can.
    package func run(_ loop: OrderedLoop) {
        guard MultiThreadedEventLoopGroup.currentEventLoop != nil else {
            return MainQueue.served(by: loop, while: takeThreadOver)
        }
        MainQueue.served { [self] in
            let hasEnded = DispatchSemaphore(value: 0)
            DispatchQueue(label: "switchyard.nio").async {
                self.takeThreadOver()
                hasEnded.signal()
            }
            hasEnded.wait()
        }
    }

    private func takeThreadOver() { MultiThreadedEventLoopGroup.withCurrentThreadAsEventLoop(begin) }

    private func begin(on eventLoop: any EventLoop) {
        guard let core else { preconditionFailure("a driver without a scheduler") }
        let reactor = Reactor(eventLoop, core) { [unowned self] in runSlice() }
        self.reactor = reactor
        waker.withLock { $0 = reactor }
        reactor.requestSlice()
    }

    private func runSlice() {
        guard let reactor, let loop else { return }
        isWaiting.store(false, ordering: .sequentiallyConsistent)
        if hasWaited { servedAt = .now }
        hasWaited = false
        let outcome = loop.runAsGuest()
        reactor.sliceEnded()
        switch outcome {
        case .ready: continueSoon(reactor)
        case .waiting: waitForWork(reactor, loop)
        case .finished: end(reactor)
        }
    }

    private func continueSoon(_ reactor: Reactor) {
        guard areChannelsDue(reactor) else { return reactor.requestSlice() }
        servedAt = .now
        reactor.requestSliceAfterChannels()
    }

    private func end(_ reactor: Reactor) {
        self.reactor = nil
        waker.withLock { $0 = nil }
        timerTask?.cancel()
        timerTask = nil
        armedFor = .never
        reactor.eventLoop.shutdownGracefully { _ in }
    }

    // MARK: Polling

    package func interval(_ loop: OrderedLoop) -> Int { Self.interval }

    package func poll(_ loop: OrderedLoop) {
        wakeSleepers()
        if let reactor, areChannelsDue(reactor) { loop.yieldToHost() }
    }

    package func wait(_ loop: OrderedLoop) {
        loop.yieldToHost()
        wakeSleepers()
    }

    private func wakeSleepers() {
        if !timers.isEmpty { timers.wakeDue() }
    }

    /// Without channels, the event loop would find nothing to do.
    private func areChannelsDue(_ reactor: Reactor) -> Bool {
        reactor.hasChannels && Deadline.now.nanoseconds - servedAt.nanoseconds > Self.maximumSlice
    }

    /// The flag is set before the check for published work, and other threads check it after they have published: see
    /// ``WakeUp``, which does the same with an eventfd of its own.
    private func waitForWork(_ reactor: Reactor, _ loop: OrderedLoop) {
        armTimer(reactor.eventLoop)
        hasWaited = true
        isWaiting.store(true, ordering: .sequentiallyConsistent)
        if loop.hasInjections { wakeUp() }
    }

    package func wakeUp() {
        guard isWaiting.exchange(false, ordering: .sequentiallyConsistent) else { return }
        waker.withLock { reactor in
            guard let reactor else { return }
            reactor.eventLoop.execute { reactor.requestSlice() }
        }
    }

    // MARK: Deadlines

    package func arm(_ node: NodePointer) { timers.insert(node) }

    package func disarm(_ node: NodePointer) { timers.remove(node) }

    /// A timer that turns out to be too early stays: it costs one slice more, and to replace it costs as much.
    ///
    /// One that has not fired although its deadline has passed is late, because the machine has slept.
    private func armTimer(_ eventLoop: any EventLoop) {
        guard timers.earliest < armedFor || armedFor < servedAt else { return }
        timerTask?.cancel()
        armedFor = timers.earliest
        guard armedFor != .never else { return }
        let time = NIODeadline.uptimeNanoseconds(armedFor.monotonicNanoseconds)
        timerTask = eventLoop.scheduleTask(deadline: time) { [unowned self] in
            armedFor = .never
            timerTask = nil
            reactor?.requestSlice()
        }
    }
}
