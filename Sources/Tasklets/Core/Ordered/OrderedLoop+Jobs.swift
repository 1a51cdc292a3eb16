// SPDX-License-Identifier: Apache-2.0

internal import CSwitch
internal import Synchronization

/// Jobs: how the Swift runtime brings back what it has suspended; and what other threads leave for the loop.
///
/// A tasklet that returned to the loop without parking was suspended by the runtime. It is out of the run queue then,
/// until a job for its task arrives; jobs of other tasks (child tasks, actors) are run as they are. A job may arrive
/// before its tasklet has returned to the loop (`Task.yield()` does that on the loop's own thread): then the tasklet
/// keeps it, and ``noteSuspension()`` finds it there.
extension OrderedLoop {
    package func enqueue(_ job: UnownedJob) {
        guard sw_scheduler() == core.identity else { return withRetained(core) { inject(.job(job)) } }
        // The next switch goes to the loop, which runs the job.
        state.pointee.fuel = 0
        if let node = sw_current()?.assumingMemoryBound(to: Node.self), node.isRun(by: job) {
            node.pointee.job = job
        } else {
            jobs.append(job)
        }
    }

    /// Runs the jobs enqueued so far; those of tasklets become turns in the run queue.
    ///
    /// On the loop's thread.
    func runJobs() {
        guard !jobs.isEmpty else { return }
        // One by one: a tasklet may wait in synchronous code in one of them, and must not keep the others, which the
        // loop that continues on another stack runs.
        for _ in 0..<jobs.count {
            guard let job = jobs.popFirst() else { return }
            if let node = suspended.remove(job.task) {
                state.pointee.waits.suspensions -= 1
                node.pointee.job = job
                node.pointee.resumption = .job
                state.makeReady(node)
            } else {
                runInPlace(job)
                noteSuspension()
            }
        }
    }

    /// When all tasklets have ended, there may be jobs left, such as an actor's tidying up: any thread may run them.
    func passOnRemainingJobs() {
        takeInjections()
        while let job = jobs.popFirst() { globalConcurrentExecutor.enqueue(ExecutorJob(job)) }
    }

    /// After control has come back to the loop: a tasklet that still counts as running was suspended by the runtime.
    func noteSuspension() {
        state.pointee.taskPool.freeFinished()
        guard let node = sw_current()?.assumingMemoryBound(to: Node.self) else { return }
        sw_set_current(nil)
        guard node.pointee.continuation == nil else { return }
        node.pointee.checkpoints = 0
        guard node.pointee.job != nil else { return becomeSuspended(node) }
        node.pointee.resumption = .job
        node.pointee.state = .ready
        if state.isTraced { state.traceLeave(node) }
        // It yielded: every other tasklet goes first.
        if state.pointee.runQueue.current == node { state.pointee.runQueue.rotate(from: node) }
    }

    func becomeSuspended(_ node: NodePointer) {
        state.pointee.runQueue.remove(node)
        node.pointee.state = .suspended
        if state.isTraced { state.traceLeave(node) }
        state.pointee.waits.suspensions += 1
        suspended.add(node)
    }

    package func tasklet(of task: TaskWord) -> NodePointer? {
        suspended.find(task, isOnLoopThread: sw_scheduler() == core.identity)
    }

    package func adopt(_ node: NodePointer) {
        _ = suspended.remove(node.pointee.task)
        state.pointee.waits.suspensions -= 1
        state.pointee.runQueue.append(node)
        state.pointee.runQueue.current = node
        node.markRunning()
        if state.isTraced { state.traceRun(node) }
    }

    package func release(_ node: NodePointer) {
        sw_set_current(nil)
        becomeSuspended(node)
    }

    // MARK: From other threads

    func inject(_ injection: Injection) {
        if injections.add(injection) { loopDriver.wakeUp() }
        if !core.gate.isRunning { takeLateWork() }
    }

    /// Takes over what other threads have left.
    ///
    /// On the loop's thread.
    func takeInjections() {
        guard !injections.isProbablyEmpty || !injected.isEmpty else { return }
        injected.append(contentsOf: injections.takeAll())
        // One by one, as in `runJobs`: a call may run code of the main actor, in which a tasklet may wait.
        while let injection = injected.popFirst() {
            switch injection {
            case .job(let job): jobs.append(job)
            case .wakeUp(let tasklet): tasklet.node.oneShotCompleted()
            case .call(let body): callInPlace(body)
            }
        }
    }

    package var hasPendingJobs: Bool { !jobs.isEmpty || !injected.isEmpty || !injections.isProbablyEmpty }

    /// Whether other threads have left anything that is still to be taken.
    ///
    /// For a driver that is about to wait.
    package var hasInjections: Bool { !injections.isEmpty || !injected.isEmpty }

    /// Called when a run has said that it is over, and by a thread that has injected something after that: one of the
    /// two sees the other.
    package func takeLateWork() {
        for body in injections.takeLateCalls() where !core.gate.performBetweenRuns(body) { inject(.call(body)) }
    }

    package func noteEndedRun() {
        let lastOfForeignThreads = idsOfForeignThreads.load(ordering: .relaxed)
        injections.noteEndedRun(upTo: state.pointee.roster.lastID, andOfForeignThreads: lastOfForeignThreads)
    }

    /// The number of a tasklet that is made on another thread than the loop's.
    ///
    /// Far beyond those of the others, which are counted without synchronization.
    func nextIDOfForeignThread() -> UInt64 { idsOfForeignThreads.add(1, ordering: .relaxed).newValue }

    package func perform(_ body: @escaping @Sendable () -> Void) {
        if sw_scheduler() == core.identity { return body() }
        if !core.gate.performBetweenRuns(body) { inject(.call(body)) }
    }

    package func performLater(_ body: @escaping @Sendable () -> Void) { inject(.call(body)) }

    /// A callback may complete the cell that its own tasklet is about to wait for: the tasklet is woken once it has
    /// left the processor.
    package func sendWakeUp(to tasklet: Tasklet) {
        let node = tasklet.node
        if sw_scheduler() == core.identity, !node.pointee.isInCallback { return node.oneShotCompleted() }
        inject(.wakeUp(tasklet))
    }
}
