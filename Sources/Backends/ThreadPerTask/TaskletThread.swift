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
    // SAFETY: `core` and `node` do not change; the jobs have a lock; `batch` is the serving thread's; the parkers are
    // futexes; `interrupter` is written with the scheduler's lock held, and read by a waker that this thread waits for.
    let core: SchedulerCore
    let node: NodePointer
    private let jobs = Guarded<[UnownedJob]?>([])
    /// Jobs that were taken from `jobs`, the next one last.
    private var batch: [UnownedJob] = []
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
    ///
    /// Returns false where another thread has taken over before the end.
    func run() -> Bool {
        core.concurrentRunner.startOnThread(node, executor: self) { self.hasEnded.store(true, ordering: .relaxed) }
        return serve()
    }

    /// Runs what the runtime enqueues for the tasklet, until that ends, or the calling thread has to leave this to
    /// another one: then it returns false.
    func serve() -> Bool {
        let runner = core.concurrentRunner
        // A tasklet may run another scheduler.
        let outer = Self.current
        defer { Self.current = outer }
        Self.current = self
        while !hasEnded.load(ordering: .relaxed) {
            runner.run(takeJob(), onThreadOf: node, executor: asUnownedTaskExecutor())
            guard Self.current === self else { return false }
        }
        passOn(batch.reversed() + (jobs.withLock { $0.take() } ?? []))
        return true
    }

    /// Child tasks have ended with the tasklet; an actor that they used may still have something to tidy up, which any
    /// thread may do.
    private func passOn(_ jobs: [UnownedJob]) {
        for job in jobs { globalConcurrentExecutor.enqueue(ExecutorJob(job)) }
    }

    private func takeJob() -> UnownedJob {
        while true {
            if let job = batch.popLast() { return job }
            batch = jobs.withLock { queue in
                defer { queue = [] }
                return (queue ?? []).reversed()
            }
            if batch.isEmpty { idle.park() }
        }
    }

    // MARK: The calling thread

    /// The one that the calling thread serves, if any.
    ///
    /// Not kept: the thread has a reference for as long as it serves it.
    private(set) static var current: TaskletThread? {
        get { pthread_getspecific(key).map { Unmanaged<TaskletThread>.fromOpaque($0).takeUnretainedValue() } }
        set { pthread_setspecific(key, newValue.map { UnsafeRawPointer(Unmanaged.passUnretained($0).toOpaque()) }) }
    }

    /// The calling thread leaves it to another thread to serve.
    static func leave() { current = nil }

    private static let key = {
        var key = pthread_key_t()
        let code = pthread_key_create(&key, nil)
        precondition(code == 0, "no thread-specific key is left: \(String(cString: strerror(code)))")
        return key
    }()
}
