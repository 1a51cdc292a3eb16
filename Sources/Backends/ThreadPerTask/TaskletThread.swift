// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Synchronization
internal import Tasklets

/// The thread of one tasklet, and the executor of its task: what the runtime suspends comes back to this thread.
final class TaskletThread: TaskExecutor, @unchecked Sendable {
    // SAFETY: `core` and `node` do not change; the jobs have a lock; the seat is the kernel's and C's atomics'.
    private let core: SchedulerCore
    private let node: NodePointer
    private let ended: @Sendable () -> Void
    private let jobs = Guarded<[UnownedJob]?>([])
    private let seat: UnsafeMutablePointer<UInt32>

    init(core: SchedulerCore, node: NodePointer, ended: @escaping @Sendable () -> Void = {}) {
        self.core = core
        self.node = node
        self.ended = ended
        seat = .allocate(capacity: 1)
        seat.initialize(to: 0)
    }

    deinit { seat.deallocate() }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        keeping(self) {
            let isTaken = jobs.withLock { queue in
                queue?.append(job)
                return queue != nil
            }
            if isTaken { linux_seat_rise(seat) } else { passOn([job]) }
        }
    }

    /// Runs the tasklet from its start to its end, and whatever the runtime enqueues for it meanwhile.
    func run() {
        let isOver = Atomic<Bool>(false)
        core.startOnThread(node, executor: self) { isOver.store(true, ordering: .relaxed) }
        while !isOver.load(ordering: .relaxed) {
            for job in takeJobs() {
                // The node may be gone.
                if isOver.load(ordering: .relaxed) { passOn([job]) } else { run(job) }
            }
        }
        passOn(jobs.withLock { $0.take() } ?? [])
        ended()
    }

    private func run(_ job: UnownedJob) { core.run(job, onThreadOf: node, executor: asUnownedTaskExecutor()) }

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
            _ = linux_seat_wait(seat, -1)
        }
    }
}
