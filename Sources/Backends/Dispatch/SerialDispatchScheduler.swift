// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Dispatch
internal import SchedulerSupport
internal import Synchronization
package import Tasklets

/// Each turn is a work item on a serial Dispatch queue: Dispatch decides when it runs, and on which thread; the run
/// queue decides which tasklet runs.
///
/// One Dispatch timer keeps the earliest deadline.
///
/// A tasklet that waits in synchronous code blocks the thread that its turn is on, and with it the queue; so the turns
/// continue on another queue. When such a tasklet has its turn again, the thread whose turn it is lends the scheduler
/// to the blocked one, and waits until it gets it back. When many threads are blocked, turns are lent to spare ones,
/// which may block instead of Dispatch's: see ``SpareThreads``. Only one thread runs tasklets at any time: hand-overs
/// go through futexes, and turns of an abandoned queue are dropped.
package final class SerialDispatchScheduler: LoopDriver, ThreadParking, @unchecked Sendable {
    // SAFETY: the lane has a lock, and the flag is atomic; all the rest is touched during turns only, which do not
    // overlap.
    private unowned(unsafe) var loop: OrderedLoop?
    private let lane = Guarded(Lane())
    private let timers = TimerHeap()
    private let sockets: DispatchSockets
    private let timer = DispatchSource.makeTimerSource(flags: .strict)
    /// The deadline that the timer was set for, and when it fires: not later, but maybe earlier.
    private var armedFor = Deadline.never
    private var firesAt = Deadline.never
    private let hasTurnPending = Atomic<Bool>(false)
    private let finished = DispatchSemaphore(value: 0)
    /// The thread that has lent the scheduler to another.
    private var lender: ThreadParker?
    /// Between the first turn and the one that finds that all tasklets have ended.
    private var isActive = false

    /// Where turns are dispatched to, and how many such queues were abandoned before.
    private struct Lane {
        var queue = DispatchQueue(label: "switchyard.turns")
        var generation = 0
    }

    static func make(_ options: SchedulerOptions, _ switching: Switching) -> SchedulerCore {
        let driver = SerialDispatchScheduler(options.socketFaults)
        let core = SchedulerCore(driver, waiting: .parkingThreads(driver), switching: switching, options: options)
        driver.loop = core.orderedLoop
        return core
    }

    private init(_ faults: SocketFaults?) {
        sockets = DispatchSockets(remembersReadiness: true, faults)
        timer.setEventHandler { [weak self] in self?.scheduleTurn() }
        timer.activate()
    }

    deinit { timer.cancel() }

    package func checkMayRun() throws(SchedulerError) {
        try DispatchDescriptors.open()
        try MainQueue.check()
    }

    package func network(for core: SchedulerCore) -> any Network { SocketNetwork(core, sockets) }

    package var systemCalls: [String: UInt64] { sockets.systemCalls }

    package func run(_ loop: OrderedLoop) {
        lane.withLock { $0.queue }.async { [self] in
            isActive = true
            turn()
        }
        MainQueue.served { [finished] in finished.wait() }
    }

    /// From any thread.
    ///
    /// A pending turn sees everything that was published before this was called.
    private func scheduleTurn() {
        guard !hasTurnPending.exchange(true, ordering: .acquiringAndReleasing) else { return }
        dispatchTurn()
    }

    private func dispatchTurn() {
        let lane = lane.withLock { $0 }
        lane.queue.async { [self] in
            if self.lane.withLock({ $0.generation }) == lane.generation { turn() }
        }
    }

    private func turn() {
        hasTurnPending.store(false, ordering: .sequentiallyConsistent)
        // A wake-up may come when the run has ended.
        guard isActive, let loop else { return }
        if let spare = SpareThreads.takeIfNeeded() { return lendTurn(loop, to: spare) }
        let outcome = loop.takeTurn()
        guard let lender else { return conclude(outcome) }
        self.lender = nil
        // This was the turn of a tasklet that had blocked its thread; another thread waits to continue.
        SpareThreads.noteUnblocked()
        lender.unpark()
    }

    /// The spare thread runs the turn, and has the scheduler until that ends, or its tasklet blocks.
    private func lendTurn(_ loop: OrderedLoop, to spare: SpareThread) {
        spare.perform { [self] in
            _ = loop.takeTurn()
            lender.take()?.unpark()
        }
        conclude(loop.outcomeOfTurn())
    }

    private func conclude(_ outcome: TurnOutcome) {
        switch outcome {
        case .ready: scheduleTurn()
        case .waiting: armTimer()
        case .finished:
            isActive = false
            finished.signal()
        }
    }

    // MARK: Deadlines

    /// Every switch is a turn.
    package func interval(_ loop: OrderedLoop) -> Int { 0 }

    package func poll(_ loop: OrderedLoop) {
        if !timers.isEmpty { timers.wakeDue() }
    }

    /// Never called: a turn ends where a loop would wait.
    package func wait(_ loop: OrderedLoop) {}

    private func armTimer() {
        guard timers.earliest != armedFor || firesAt <= .now else { return }
        armedFor = timers.earliest
        guard armedFor != .never else {
            firesAt = .never
            return
        }
        firesAt = armedFor.nextLook
        timer.schedule(deadline: DispatchTime(uptimeNanoseconds: firesAt.monotonicNanoseconds), leeway: .nanoseconds(0))
    }

    package func arm(_ node: NodePointer) { timers.insert(node) }

    package func disarm(_ node: NodePointer) { timers.remove(node) }

    package func wakeUp() { scheduleTurn() }

    // MARK: Waiting in synchronous code

    package func park(_ node: NodePointer) {
        guard let loop else { return }
        loop.continueOnThisThread(with: nil)
        ThreadParker.withParker { parker in
            node.pointee.driverRecord = parker.address
            if let lender = lender.take() {
                lender.unpark()
            } else if let spare = SpareThreads.current {
                spare.release()
            } else {
                SpareThreads.noteBlocked()
                // A turn that was scheduled on the blocked queue would overlap with the new one's turns.
                lane.withLock { $0 = Lane(generation: $0.generation + 1) }
                hasTurnPending.store(true, ordering: .sequentiallyConsistent)
                dispatchTurn()
            }
            parker.park()
        }
        node.pointee.driverRecord = nil
        loop.continueOnThisThread(with: node)
    }

    package func prepareToPark(_ node: NodePointer) throws { try SpareThreads.prepare() }

    package func unpark(_ node: NodePointer) {
        guard let blocked = ThreadParker(of: node) else { return }
        ThreadParker.withParker { mine in
            lender = mine
            blocked.unpark()
            mine.park()
        }
        loop?.continueOnThisThread(with: nil)
    }
}
