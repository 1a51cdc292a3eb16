// SPDX-License-Identifier: Apache-2.0

internal import SchedulerSupport
internal import Synchronization
internal import Tasklets

/// The thread of one tasklet, and the executor of its task: what the runtime suspends comes back to this thread.
final class TaskletThread: TaskExecutor, @unchecked Sendable {
    // SAFETY: `core` and `node` do not change; the jobs have a lock; the parkers are futexes; the deadline is atomic;
    // `interrupter` is written with the scheduler's lock held, and read by a waker that this thread waits for.
    private let core: SchedulerCore
    private let node: NodePointer
    private let ended: @Sendable () -> Void
    private let jobs = Guarded<[UnownedJob]?>([])
    private let idle = ThreadParker.allocate()
    /// When the thread, while it waits for jobs, wakes its tasklet, in nanoseconds.
    private let deadline = Atomic<UInt64>(Deadline.never.nanoseconds)
    /// Where the thread parks while the tasklet waits.
    let parker = ThreadParker.allocate()
    /// The eventfd that interrupts the thread while it waits at a socket; -1 at all other times.
    var interrupter: CInt = -1

    init(core: SchedulerCore, node: NodePointer, ended: @escaping @Sendable () -> Void = {}) {
        self.core = core
        self.node = node
        self.ended = ended
        node.pointee.driverRecord = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit {
        idle.deallocate()
        parker.deallocate()
    }

    /// The thread of a tasklet that has one.
    static func of(_ node: NodePointer) -> TaskletThread? {
        node.pointee.driverRecord.map { Unmanaged<TaskletThread>.fromOpaque($0).takeUnretainedValue() }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        withRetained(self) {
            let isTaken = jobs.withLock { queue in
                queue?.append(job)
                return queue != nil
            }
            if isTaken { idle.unpark() } else { passOn([job]) }
        }
    }

    /// Runs the tasklet from its start to its end, and everything that the runtime enqueues for it meanwhile.
    func run() {
        let runner = core.concurrentRunner
        let hasEnded = Atomic<Bool>(false)
        runner.startOnThread(node, executor: self) { hasEnded.store(true, ordering: .relaxed) }
        while !hasEnded.load(ordering: .relaxed) {
            for job in takeJobs() {
                // The node may be gone.
                if hasEnded.load(ordering: .relaxed) {
                    passOn([job])
                } else {
                    runner.run(job, onThreadOf: node, executor: asUnownedTaskExecutor())
                }
            }
        }
        passOn(jobs.withLock { $0.take() } ?? [])
        ended()
    }

    /// Child tasks have ended with the tasklet; an actor that they used may still have something to tidy up, which any
    /// thread may do.
    private func passOn(_ jobs: [UnownedJob]) {
        for job in jobs { globalConcurrentExecutor.enqueue(ExecutorJob(job)) }
    }

    private func takeJobs() -> [UnownedJob] {
        while true {
            let batch = jobs.withLock { queue in
                defer { queue = [] }
                return queue ?? []
            }
            if !batch.isEmpty { return batch }
            waitForJobs()
        }
    }

    // MARK: Deadlines

    private func waitForJobs() {
        let due = deadline.load(ordering: .acquiring)
        if idle.park(until: Deadline(nanoseconds: due)) { return }
        // Something else may have ended the wait, and the tasklet's life with it; or another one has begun.
        core.concurrentRunner.expire(node) {
            let never = Deadline.never.nanoseconds
            return deadline.compareExchange(expected: due, desired: never, ordering: .acquiringAndReleasing).exchanged
        }
    }

    /// The tasklet is suspended by the runtime, so that its thread waits for jobs: at the deadline, the thread wakes it.
    ///
    /// From any thread, with the scheduler's lock held.
    func wake(at deadline: Deadline) {
        self.deadline.store(deadline.nanoseconds, ordering: .releasing)
        idle.unpark()
    }

    /// Takes ``wake(at:)`` back, with the lock held.
    func cancelWakeUp() { deadline.store(Deadline.never.nanoseconds, ordering: .releasing) }
}
