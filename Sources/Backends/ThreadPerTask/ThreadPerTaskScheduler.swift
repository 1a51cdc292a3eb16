// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SchedulerSupport
internal import Synchronization
package import Tasklets

/// A thread a tasklet: the kernel is the scheduler.
///
/// A tasklet that waits blocks its thread on a futex, which making it ready wakes; a sleep is a wait with a deadline.
/// All tasklets may run at once, so there is no order.
package final class ThreadPerTaskScheduler: ConcurrentDriver, @unchecked Sendable {
    // SAFETY: `runner` is written before any thread is started; the rest is atomic.
    private unowned(unsafe) var runner: ConcurrentRunner?
    /// Threads that have started and have not ended.
    private let threads = Atomic<Int>(0)
    /// Tasklets that a thread serves, and where `run` waits for the last.
    private let served = Atomic<Int>(0)
    private let allEnded = ThreadParker.allocate()
    /// All tasklets have ended: then it is news for `run` that another one is served no more.
    ///
    /// A thread looks here after it has counted its tasklet out, and `run` counts after this is set: one of the two sees
    /// the other.
    private let hasFinished = Atomic<Bool>(false)
    private let sockets: BlockingSockets
    private let waits = Atomic<UInt64>(0)
    private let wakes = Atomic<UInt64>(0)

    /// The size of a thread's stack, in bytes.
    private let stackSize: Int

    /// The system's default of 8 MiB would exhaust the address space first.
    private static let defaultStackSize = 512 * 1024

    /// What a program's main thread has, and main may count on.
    private static let mainStackSize = 8 << 20

    /// Makes a scheduler.
    package static func make(_ options: SchedulerOptions, _ switching: Switching) throws -> SchedulerCore {
        let driver = ThreadPerTaskScheduler(options)
        let core = SchedulerCore(driver, switching: switching, options: options)
        driver.runner = core.concurrentRunner
        return core
    }

    private init(_ options: SchedulerOptions) {
        sockets = BlockingSockets(options.socketFaults)
        stackSize = options.stackSize ?? Self.defaultStackSize
    }

    deinit { allEnded.deallocate() }

    package func checkMayRun() throws(SchedulerError) { try MainQueue.check() }

    package func network(for core: SchedulerCore) -> any Network { SocketNetwork(core, sockets) }

    package func run(_ runner: ConcurrentRunner) { MainQueue.served { self.runTasklets(of: runner) } }

    /// Main has a thread of its own, like all others.
    ///
    /// The caller's would not return from a tasklet that blocks it for ever, in an actor's job. It has to do where no
    /// thread is left.
    private func runTasklets(of runner: ConcurrentRunner) {
        hasFinished.store(false, ordering: .sequentiallyConsistent)
        TimerSlack.withNone {
            guard let main = runner.main else { return }
            let thread = TaskletThread(core: runner.scheduler, node: main)
            served.add(1, ordering: .relaxed)
            do { try startThread(max(stackSize, Self.mainStackSize)) { self.serve(thread.run) } } catch {
                serve(thread.run)
            }
        }
        // Abandoned tasklets never end. Their number first: it grows, and a smaller one only makes this look again.
        while case let abandoned = runner.abandonedCount,
            served.load(ordering: .sequentiallyConsistent) > abandoned
        { allEnded.park() }
    }

    /// Serves a tasklet: to its end, or until another thread has taken over.
    private func serve(_ run: () -> Bool) {
        guard run() else { return }
        served.subtract(1, ordering: .sequentiallyConsistent)
        if hasFinished.load(ordering: .sequentiallyConsistent) { allEnded.unpark() }
    }

    package func enqueue(_ node: NodePointer) {
        switch node.pointee.resumption {
        case .fresh: start(node)
        case .soft, .hard, .slice, .continuation, .job, .kernel: runner?.wakeAfterUnlock(node)
        }
    }

    /// A tasklet that is ready has a thread that runs it.
    package func dequeue(_ node: NodePointer) -> Bool { false }

    package var usesRuntimePool: Bool { false }

    package var hasOthersReady: Bool { false }

    /// Never called: the executor of every task is its tasklet's thread.
    package func enqueue(_ job: UnownedJob) { globalConcurrentExecutor.enqueue(ExecutorJob(job)) }

    package func unpark(_ node: NodePointer) {
        guard let thread = TaskletThread.of(node), !sockets.interrupt(thread) else { return }
        wakes.add(1, ordering: .relaxed)
        thread.parker.unpark()
    }

    private func start(_ node: NodePointer) {
        // `run` starts main.
        guard let runner, runner.main != node else { return }
        let thread = TaskletThread(core: runner.scheduler, node: node)
        served.add(1, ordering: .relaxed)
        do { try startThread(stackSize) { self.serve(thread.run) } } catch {
            served.subtract(1, ordering: .relaxed)
            runner.failToStart(node, SchedulerError.noThread("for \(node.object)", error))
        }
    }

    private func startThread(_ stackSize: Int, _ body: @escaping @Sendable () -> Void) throws(ThreadFailure) {
        guard threads.load(ordering: .relaxed) < ThreadLimit.threads else {
            throw ThreadFailure(reason: "the limit is \(ThreadLimit.threads)")
        }
        threads.add(1, ordering: .relaxed)
        let code = DetachedThread.start(stackSize: stackSize) { [self] in
            body()
            threads.subtract(1, ordering: .relaxed)
        }
        guard let code else { return }
        threads.subtract(1, ordering: .relaxed)
        throw ThreadFailure(reason: String(cString: strerror(code)))
    }

    fileprivate struct ThreadFailure: Error {
        let reason: String
    }

    /// The tasklet may run in an actor's job on another tasklet's thread, which it would block: that other tasklet, which
    /// the waiting one may wait for, continues on a new thread.
    package func prepareToPark(_ node: NodePointer) throws {
        guard let lender = TaskletThread.current, lender.node != node else { return }
        let size = lender.node == runner?.main ? max(stackSize, Self.mainStackSize) : stackSize
        do { try startThread(size) { self.serve(lender.serve) } } catch {
            throw SchedulerError.noThread("to wait on in synchronous code of an actor", error)
        }
        TaskletThread.leave()
    }

    package func park(_ node: NodePointer) {
        guard let runner, let thread = TaskletThread.of(node) else { preconditionFailure("a tasklet without a thread") }
        if node.pointee.state == .performing { return sockets.park(node, on: thread, runner) }
        // No thread can unpark this one before the lock is released, and a later unpark is remembered.
        let deadline = node.pointee.timer.isSet ? node.pointee.timer.deadline : .never
        runner.resolveStallIfIdle()
        runner.unlock()
        waits.add(1, ordering: .relaxed)
        if thread.parker.park(until: deadline) || runner.expireIfWaiting(node) { return }
        // Another tasklet woke it at the moment of its deadline: that unpark has come, or is about to, and must not be
        // taken for the next one.
        thread.parker.park()
    }

    package func yieldThread() { sched_yield() }

    /// A sleeper's own thread keeps its deadline.
    package func arm(_ node: NodePointer) {}

    package func disarm(_ node: NodePointer) {}

    package func finished() {
        hasFinished.store(true, ordering: .sequentiallyConsistent)
        allEnded.unpark()
    }

    package var systemCalls: [String: UInt64] {
        let futexes = waits.load(ordering: .relaxed) + wakes.load(ordering: .relaxed)
        return sockets.systemCalls.merging(["futex": futexes]) { $0 + $1 }
    }
}

extension SchedulerError {
    fileprivate static func noThread(_ use: String, _ failure: ThreadPerTaskScheduler.ThreadFailure) -> SchedulerError {
        shortage("no thread is left \(use): \(failure.reason); run fewer tasklets at a time")
    }
}
