// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Dispatch
internal import SchedulerSupport
package import Tasklets

/// Turns are work items on Dispatch queues, as many at a time as there are workers.
///
/// Who is ready waits in one queue, first come, first served; but since several run at once, nothing is in order. Each
/// worker has a serial queue of its own: threads that block below a concurrent one use up a pool that the whole process
/// shares, and then nothing runs any more.
package final class ConcurrentDispatchScheduler: Strategy, @unchecked Sendable {
    // SAFETY: everything is touched with the core's lock held.
    private unowned(unsafe) var core: SchedulerCore?
    private let workers: Int
    /// Queues whose last turn is over; a worker takes one, or makes one.
    private var idleQueues: [DispatchQueue] = []
    private let jobs = DispatchQueue(label: "switchyard.jobs", attributes: .concurrent)
    private var readyTasklets = WaitQueue()
    private var activeWorkers = 0
    /// All have ended, and `run` has been told.
    private var hasFinished = false
    private let timers = TimerHeap()
    private let sockets: DispatchSockets
    private let timer = DispatchSource.makeTimerSource(flags: .strict)
    private let allEnded = DispatchSemaphore(value: 0)

    package init(workers: Int, _ faults: SocketFaults?) {
        self.workers = workers
        sockets = DispatchSockets(isOrdered: false, faults)
    }

    deinit { timer.cancel() }

    package func network(for core: SchedulerCore) -> any Network { SocketNetwork(core, sockets) }

    package var systemCalls: [String: UInt64] { sockets.calls.counts }

    package func prepare(_ core: SchedulerCore) {
        self.core = core
        // It may fire when all is over.
        timer.setEventHandler { [weak self, weak core] in
            if let self, let core { wakeSleepers(core) }
        }
        timer.activate()
    }

    package func run(_ core: SchedulerCore) { allEnded.wait() }

    package func ready(_ node: NodePointer) {
        if node.pointee.resumption == .kernel {
            core?.wakeAfterUnlock(node)
        } else {
            // Another run has begun, if one had ended. Not cleared before: a worker of the last may still be looking.
            hasFinished = false
            readyTasklets.append(node)
            activateWorker()
        }
    }

    package func unready(_ node: NodePointer) -> Bool {
        // One that a worker has taken already counts as running.
        readyTasklets.remove(node)
        return true
    }

    package func rise(_ node: NodePointer) { linux_seat_rise(&node.pointee.seat) }

    package var hasOthersReady: Bool { readyTasklets.first != nil }

    /// With the lock held.
    private func activateWorker() {
        guard activeWorkers < workers, readyTasklets.first != nil else { return }
        activeWorkers += 1
        dispatchTurn(on: idleQueues.popLast() ?? DispatchQueue(label: "switchyard.turns"))
    }

    private func dispatchTurn(on queue: DispatchQueue) {
        queue.async { [self] in turn(on: queue) }
    }

    /// One tasklet's turn.
    ///
    /// A worker with more to do comes back as another work item, so that Dispatch may choose.
    private func turn(on queue: DispatchQueue) {
        guard let core else { return }
        core.takeLock()
        if let node = readyTasklets.popFirst() {
            node.pointee.state = .running
            core.releaseLock()
            core.takeTurnConcurrently(node)
        }
        // The lock is held now.
        if readyTasklets.first != nil, activeWorkers <= workers {
            dispatchTurn(on: queue)
        } else {
            activeWorkers -= 1
            idleQueues.append(queue)
        }
        core.releaseLock()
        finishIfLast(core)
    }

    /// The worker that finds all ended, and no other at work, lets `run` return.
    private func finishIfLast(_ core: SchedulerCore) {
        let isLast = core.withLock {
            guard core.isFinished, activeWorkers == 0, !hasFinished else { return false }
            hasFinished = true
            return true
        }
        guard isLast else { return }
        core.endWorkers()
        allEnded.signal()
    }

    package func runOnItsOwn(_ job: UnownedJob) {
        guard let core else { return }
        // Kept: the last tasklet may end before the job has run.
        jobs.async { [self, core] in
            core.runConcurrently(job)
            finishIfLast(core)
        }
    }

    // MARK: Deadlines

    package func arm(_ node: NodePointer) {
        timers.insert(node)
        setTimer()
    }

    package func disarm(_ node: NodePointer) { timers.remove(node) }

    private func setTimer() {
        guard timers.earliest != .never else { return }
        timer.schedule(deadline: DispatchTime(uptimeNanoseconds: timers.earliest.nanoseconds), leeway: .nanoseconds(0))
    }

    private func wakeSleepers(_ core: SchedulerCore) {
        core.withLock {
            timers.wakeDue(core)
            setTimer()
        }
    }

    // MARK: Blocking in synchronous code

    /// The thread blocks, and another worker takes its place; when it goes on, there is one more for a while.
    package func park(_ node: NodePointer) {
        guard let core else { return }
        activeWorkers -= 1
        activateWorker()
        core.resolveStallIfUnordered()
        core.releaseLock()
        finishIfLast(core)
        _ = linux_seat_wait(&node.pointee.seat, -1)
        core.withLock { activeWorkers += 1 }
    }
}
