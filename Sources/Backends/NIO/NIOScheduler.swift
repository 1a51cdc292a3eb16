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
/// A visit is one task of the event loop. It lasts until nobody is runnable; then the event loop waits, in its own
/// epoll(7). While tasklets are runnable and channels are open, it lasts no longer than `patience`, so that the event
/// loop can see to the channels. The ring and its order are the core's, as on every ordered scheduler; sockets are NIO's
/// channels.
///
/// Sleepers are kept in a heap, and only the earliest one's deadline in the event loop, and only while it waits. A
/// scheduled task for each sleeper would cost several allocations, and those with equal deadlines would wake in any
/// order: NIO's queue is a heap without a tie-break.
package final class NIOScheduler: Strategy, @unchecked Sendable {
    // SAFETY: touched on the event loop's thread only, except what is marked as shared, which is made for other threads.
    private unowned(unsafe) var owner: SchedulerCore?
    private let timers = TimerHeap()
    private var reactor: Reactor?
    /// The deadline that the event loop keeps, and what it does then.
    private var armedFor = Deadline.never
    private var alarm: Scheduled<Void>?
    /// When the event loop last had a chance to see to its channels.
    private var lookedAt = Deadline.now
    private var hasWaited = false
    /// Shared: the event loop waits, or is about to, and nobody has ended that yet.
    private let isWaiting = Atomic<Bool>(false)
    /// Shared: where others may end the wait; nil when no run is in progress.
    private let waker = Guarded<Reactor?>(nil)

    /// Switches between two looks at the clock.
    private static let interval = 64

    /// How long tasklets may keep the event loop from its channels.
    ///
    /// To go there and back costs a few microseconds, system calls included.
    private static let patience: UInt64 = 25_000

    package static func make(_ options: SchedulerOptions, _ switching: Switching) -> SchedulerCore {
        SchedulerCore(
            strategy: NIOScheduler(),
            options: options,
            switching: switching,
            isOrdered: true,
            swapsStacks: true
        )
    }

    private init() {}

    package func prepare(_ core: SchedulerCore) { owner = core }

    private var core: SchedulerCore {
        guard let owner else { preconditionFailure("a strategy without a scheduler") }
        return owner
    }

    package func network(for core: SchedulerCore) -> any Network {
        guard let reactor else { preconditionFailure("the network was asked for outside a run") }
        return reactor
    }

    // MARK: Runs

    /// A thread that is an event loop already cannot become another one: then it waits for a thread that can.
    package func run(_ core: SchedulerCore) {
        guard MultiThreadedEventLoopGroup.currentEventLoop != nil else { return takeThreadOver() }
        let isOver = DispatchSemaphore(value: 0)
        DispatchQueue(label: "switchyard.nio").async {
            self.takeThreadOver()
            isOver.signal()
        }
        isOver.wait()
    }

    private func takeThreadOver() { MultiThreadedEventLoopGroup.withCurrentThreadAsEventLoop(begin) }

    private func begin(on loop: any EventLoop) {
        let reactor = Reactor(loop, core) { [unowned self] in visit() }
        self.reactor = reactor
        waker.withLock { $0 = reactor }
        reactor.requestVisit()
    }

    private func visit() {
        guard let reactor else { return }
        isWaiting.store(false, ordering: .sequentiallyConsistent)
        if hasWaited { lookedAt = .now }
        hasWaited = false
        let outlook = core.visit()
        reactor.visitIsOver()
        switch outlook {
        case .ready: goOn(reactor)
        case .waiting: waitForWork(reactor)
        case .finished: end(reactor)
        }
    }

    private func goOn(_ reactor: Reactor) {
        guard isLookDue(at: reactor) else { return reactor.requestVisit() }
        lookedAt = .now
        reactor.requestVisitAfterLook()
    }

    private func end(_ reactor: Reactor) {
        self.reactor = nil
        waker.withLock { $0 = nil }
        alarm?.cancel()
        alarm = nil
        armedFor = .never
        reactor.loop.shutdownGracefully { _ in }
    }

    // MARK: Looking at the outside world

    package func interval(_ core: SchedulerCore) -> Int { Self.interval }

    package func poll(_ core: SchedulerCore) {
        wakeSleepers()
        if let reactor, isLookDue(at: reactor) { core.returnToHost() }
    }

    package func wait(_ core: SchedulerCore) {
        core.returnToHost()
        wakeSleepers()
    }

    private func wakeSleepers() {
        if !timers.isEmpty { timers.wakeDue(core) }
    }

    /// Without channels, the event loop would find nothing to do.
    private func isLookDue(at reactor: Reactor) -> Bool {
        reactor.hasChannels && Deadline.now.nanoseconds - lookedAt.nanoseconds > Self.patience
    }

    /// The flag is raised before the look at what others have published, and they look at it after they have: see
    /// ``WakeUp``, which does the same with an eventfd of its own.
    private func waitForWork(_ reactor: Reactor) {
        armAlarm(reactor.loop)
        hasWaited = true
        isWaiting.store(true, ordering: .sequentiallyConsistent)
        if core.hasInjectedJobs { wakeUp() }
    }

    package func wakeUp() {
        guard isWaiting.exchange(false, ordering: .sequentiallyConsistent) else { return }
        waker.withLock { reactor in
            guard let reactor else { return }
            reactor.loop.execute { reactor.requestVisit() }
        }
    }

    // MARK: Deadlines

    package func arm(_ node: NodePointer) { timers.insert(node) }

    package func disarm(_ node: NodePointer) { timers.remove(node) }

    /// An alarm that turns out to be too early stays: it costs one visit more, and to set another one costs as much.
    private func armAlarm(_ loop: any EventLoop) {
        guard timers.earliest < armedFor else { return }
        alarm?.cancel()
        armedFor = timers.earliest
        alarm = loop.scheduleTask(deadline: .uptimeNanoseconds(armedFor.nanoseconds)) { [unowned self] in
            armedFor = .never
            alarm = nil
            reactor?.requestVisit()
        }
    }
}
