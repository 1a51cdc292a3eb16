// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Dispatch
internal import SchedulerSupport
internal import Synchronization
package import Tasklets

/// Each turn is a work item on a serial Dispatch queue: Dispatch decides when, and on which thread; the ring decides
/// who.
///
/// Deadlines are kept by one Dispatch timer.
///
/// A tasklet that blocks in synchronous code blocks the thread that its turn is on, and with it the queue; so the turns
/// go on, on another queue. When such a tasklet has its turn again, the thread whose turn it is lends the scheduler to
/// the blocked one, and waits until it gets it back. Only one thread runs tasklets at any time, and it is clear which:
/// hand-overs go through the seats, and turns of a queue that was given up are dropped.
package final class SerialDispatchScheduler: Strategy, @unchecked Sendable {
    // SAFETY: the lane has a lock, and the flag is atomic; all the rest is touched during turns only, which do not
    // overlap.
    private unowned(unsafe) var core: SchedulerCore?
    private let lane = Guarded(Lane())
    private let timers = TimerHeap()
    private let sockets: DispatchSockets
    private let timer = DispatchSource.makeTimerSource(flags: .strict)
    private var armedFor = Deadline.never
    private let hasTurnPending = Atomic<Bool>(false)
    private let finished = DispatchSemaphore(value: 0)
    /// The seat of the thread that has lent the scheduler to another.
    private var lender: UnsafeMutablePointer<UInt32>?
    /// Between the first turn and the one that finds all ended.
    private var isActive = false

    /// Where turns are dispatched to, and how many such queues had to be given up before.
    private struct Lane {
        var queue = DispatchQueue(label: "switchyard.turns")
        var generation = 0
    }

    package init(_ faults: SocketFaults?) { sockets = DispatchSockets(isOrdered: true, faults) }

    deinit { timer.cancel() }

    package func network(for core: SchedulerCore) -> any Network { SocketNetwork(core, sockets) }

    package var systemCalls: [String: UInt64] { sockets.calls.counts }

    package func prepare(_ core: SchedulerCore) {
        self.core = core
        timer.setEventHandler { [weak self] in self?.scheduleTurn() }
        timer.activate()
    }

    package func run(_ core: SchedulerCore) {
        lane.withLock { $0.queue }.async { [self] in
            isActive = true
            turn()
        }
        finished.wait()
    }

    /// From any thread.
    ///
    /// A turn that is pending sees whatever was published before this was called.
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
        // A wake-up may come when all is over.
        guard isActive, let core else { return }
        let outlook = core.takeTurn()
        if let lender {
            // This was the turn of a tasklet that had blocked its thread; another thread waits to go on.
            self.lender = nil
            return linux_seat_rise(lender)
        }
        switch outlook {
        case .ready: scheduleTurn()
        case .waiting: armTimer()
        case .finished:
            isActive = false
            finished.signal()
        }
    }

    // MARK: Deadlines

    package func poll(_ core: SchedulerCore) {
        if !timers.isEmpty { timers.wakeDue(core) }
    }

    private func armTimer() {
        guard timers.earliest != armedFor || armedFor <= .now else { return }
        armedFor = timers.earliest
        guard armedFor != .never else { return }
        timer.schedule(deadline: DispatchTime(uptimeNanoseconds: armedFor.nanoseconds), leeway: .nanoseconds(0))
    }

    package func arm(_ node: NodePointer) { timers.insert(node) }

    package func disarm(_ node: NodePointer) { timers.remove(node) }

    package func wakeUp() { scheduleTurn() }

    // MARK: Blocking in synchronous code

    package func park(_ node: NodePointer) {
        guard let core else { return }
        core.continueOnThisThread(with: nil)
        if let lender {
            self.lender = nil
            linux_seat_rise(lender)
        } else {
            // What was scheduled on the blocked queue would overlap with the new one's turns.
            lane.withLock { $0 = Lane(generation: $0.generation + 1) }
            hasTurnPending.store(true, ordering: .sequentiallyConsistent)
            dispatchTurn()
        }
        _ = linux_seat_wait(&node.pointee.seat, -1)
        core.continueOnThisThread(with: node)
    }

    package func unpark(_ node: NodePointer) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1) { mine in
            guard let seat = mine.baseAddress else { return }
            seat.initialize(to: 0)
            lender = seat
            linux_seat_rise(&node.pointee.seat)
            _ = linux_seat_wait(seat, -1)
        }
        core?.continueOnThisThread(with: nil)
    }
}
