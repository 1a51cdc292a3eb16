// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SchedulerSupport
internal import Synchronization
internal import Tasklets

/// The thread of one tasklet, and the executor of its task: what the runtime suspends comes back to this thread.
///
/// The kernel's thread behind it changes where another tasklet blocks that, in an actor's job: see
/// ``ThreadPerTaskScheduler/prepareToPark(_:)``. The new one takes over everything but that job.
final class TaskletThread: TaskletExecutor, @unchecked Sendable {
    // SAFETY: `core` and `node` do not change; the jobs have a lock; the parkers are futexes; `interrupter` is written
    // with the scheduler's lock held, and read by a waker that this thread waits for.
    let core: SchedulerCore
    let node: NodePointer
    private let jobs = Guarded<[UnownedJob]?>([])
    private let hasEnded = Atomic<Bool>(false)
    private let idle = ThreadParker.allocate()
    /// Where the thread parks while the tasklet waits.
    let parker = ThreadParker.allocate()
    /// The eventfd that interrupts the thread while it waits at a socket; -1 at all other times.
    var interrupter: CInt = -1

    init(core: SchedulerCore, node: NodePointer) {
        self.core = core
        self.node = node
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
        core.concurrentRunner.startOnThread(node, executor: self) { self.hasEnded.store(true, ordering: .relaxed) }
        serve()
    }

    /// Runs what the runtime enqueues for the tasklet, until that ends, or the calling thread has to leave this to
    /// another one.
    func serve() {
        let runner = core.concurrentRunner
        Self.enter(self)
        while !hasEnded.load(ordering: .relaxed) {
            runner.run(takeJob(), onThreadOf: node, executor: asUnownedTaskExecutor())
            guard Self.current === self else { return }
        }
        Self.leave()
        passOn(jobs.withLock { $0.take() } ?? [])
    }

    /// Child tasks have ended with the tasklet; an actor that they used may still have something to tidy up, which any
    /// thread may do.
    private func passOn(_ jobs: [UnownedJob]) {
        for job in jobs { globalConcurrentExecutor.enqueue(ExecutorJob(job)) }
    }

    private func takeJob() -> UnownedJob {
        while true {
            if let job = jobs.withLock({ $0?.isEmpty == false ? $0?.removeFirst() : nil }) { return job }
            idle.park()
        }
    }

    // MARK: The calling thread

    /// The one that the calling thread serves, if any.
    static var current: TaskletThread? {
        pthread_getspecific(key).map { Unmanaged<TaskletThread>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Keeps nothing: the thread has a reference until it has left.
    private static func enter(_ thread: TaskletThread) {
        pthread_setspecific(key, Unmanaged.passUnretained(thread).toOpaque())
    }

    static func leave() { pthread_setspecific(key, nil) }

    private static let key = {
        var key = pthread_key_t()
        let code = pthread_key_create(&key, nil)
        precondition(code == 0, "no thread-specific key is left: \(String(cString: strerror(code)))")
        return key
    }()
}
