// SPDX-License-Identifier: Apache-2.0

internal import CSwitch
internal import Synchronization

/// Jobs: how the Swift runtime brings back what it has suspended.
///
/// A tasklet that returned to the loop without parking was suspended by the runtime. It is `external` then, and out of
/// the ring, until a job for its task arrives; jobs of other tasks (child tasks, actors) are run as they are. A job
/// may arrive before its tasklet has returned to the loop (`Task.yield()` does that on the loop's own thread): then
/// the tasklet keeps it, and ``settle()`` finds it there.
extension SchedulerCore {
    /// Called by the runtime, from any thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if let slot = sw_capture(), slot.pointee == nil {
            slot.pointee = UnsafeMutableRawPointer(bitPattern: job.task)
        } else if !state.pointee.isOrdered {
            keeping(self) { enqueueConcurrently(job) }
        } else if sw_scheduler() == identity {
            enqueueLocally(job)
        } else {
            keeping(self) { inject(.job(job)) }
        }
    }

    private func enqueueLocally(_ job: UnownedJob) {
        // The next switch goes to the loop, which takes care of the job.
        state.pointee.fuel = 0
        if let node = sw_current()?.assumingMemoryBound(to: Node.self), node.isRun(by: job) {
            node.pointee.job = job
        } else {
            jobs.append(job)
        }
    }

    /// From another thread.
    ///
    /// What is injected is in the queue before the flag is set, and the loop clears the flag before it empties the queue: so
    /// either the loop sees it, or the flag is set again and wakes it once more.
    func inject(_ injection: Injection) {
        injected.withLock { $0.append(injection) }
        // Sequentially consistent, so that a loop about to wait sees the flag, or its wake-up sees that the loop waits.
        if !hasInjected.exchange(true, ordering: .sequentiallyConsistent) { strategy.wakeUp() }
        if !isInUse.load(ordering: .sequentiallyConsistent) { takeLateInjections() }
    }

    /// When a run is over, its tasklets wait for nothing any more: wake-ups are dropped, which would keep their tasklets,
    /// and so the scheduler; what else was to be done, such as closing a stream, is done now.
    ///
    /// Called after the run has said that it is over, and by whoever injects after that: one of the two sees the other.
    /// The next run may have begun by then, on another thread; its tasklets have higher numbers.
    func takeLateInjections() {
        let last = lastOfEndedRun.load(ordering: .acquiring)
        // What is dropped may be the last that holds a tasklet, whose end must not find the lock held.
        let late = injected.withLock { queue in
            let late = queue.filter { $0.isLate(last) }
            queue.removeAll { $0.isLate(last) }
            return late
        }
        for case .call(let body) in late where !doOutsideRuns(body) { inject(.call(body)) }
    }

    /// Takes over what other threads have enqueued.
    ///
    /// On the loop's thread.
    package func takeInjected() {
        guard hasInjected.load(ordering: .relaxed) else { return }
        hasInjected.store(false, ordering: .sequentiallyConsistent)
        let batch = injected.withLock { queue in
            defer { queue.removeAll(keepingCapacity: true) }
            return queue
        }
        for injection in batch {
            switch injection {
            case .job(let job): jobs.append(job)
            case .wakeUp(let tasklet): wakeAwaiting(tasklet.node)
            case .call(let body): body()
            }
        }
    }

    /// When all tasklets have ended, there may be jobs left, such as an actor's tidying up: any thread may run them.
    func passOnJobsLeft() {
        takeInjected()
        for job in jobs { globalConcurrentExecutor.enqueue(ExecutorJob(job)) }
        jobs.removeAll()
    }

    /// Whether other threads have enqueued something that is still to be taken over.
    package var hasInjectedJobs: Bool { hasInjected.load(ordering: .sequentiallyConsistent) }

    /// Runs the jobs that have come so far; those of tasklets become turns in the ring.
    ///
    /// On the loop's thread.
    package func runJobs() {
        guard !jobs.isEmpty else { return }
        var batch: [UnownedJob] = []
        swap(&batch, &jobs)
        for job in batch {
            if let node = external.removeValue(forKey: job.task) {
                noLongerExternal()
                node.pointee.job = job
                node.pointee.resumption = .job
                makeReady(node)
            } else {
                run(job)
                settle()
            }
        }
    }

    /// Calls `body`, which makes the runtime enqueue a job from this thread, and returns that job instead of queueing it.
    package static func capture(_ body: () -> Void) -> UnownedJob? {
        var slot: UnsafeMutableRawPointer?
        withUnsafeMutablePointer(to: &slot) {
            let outer = sw_capture()
            sw_set_capture($0)
            body()
            sw_set_capture(outer)
        }
        return slot.map { unsafeBitCast($0, to: UnownedJob.self) }
    }

    /// Runs a job on the calling thread, until control is back.
    package func run(_ job: UnownedJob) {
        // A tasklet that parks in it leaves its own accesses behind.
        let accesses = sw_accesses()
        job.runSynchronously(on: asUnownedTaskExecutor())
        sw_set_accesses(accesses)
    }

    /// Runs `body` with the accesses set aside that the code below has open, so that tasklets do not take them along to
    /// other threads, or to a time when they have ended.
    func withoutAccesses<R>(_ body: () -> R) -> R {
        let accesses = sw_accesses()
        sw_set_accesses(nil)
        defer { sw_set_accesses(accesses) }
        return body()
    }

    /// After control has come back to the loop: if a tasklet still counts as running here, the runtime has suspended it,
    /// at its own wish or, where there is no continuation, in something that it waits for.
    package func settle() {
        if !finishedTasks.isEmpty { freeFinishedTasks() }
        guard let node = sw_current()?.assumingMemoryBound(to: Node.self) else { return }
        sw_set_current(nil)
        guard node.pointee.continuation == nil else { return }
        node.pointee.checkpoints = 0
        if node.pointee.job != nil {
            node.pointee.resumption = .job
            node.pointee.state = .ready
            // It yielded: everybody else goes first.
            if state.pointee.current == node { state.pointee.current = node.pointee.next }
        } else {
            becomeExternal(node)
        }
    }

    func becomeExternal(_ node: NodePointer) {
        state.leaveRing(node)
        node.pointee.state = .external
        state.pointee.externalCount += 1
        if isOrdered { external[node.pointee.task] = node }
    }

    func noLongerExternal() { state.pointee.externalCount -= 1 }

    /// A tasklet's task turned out to run on this thread, inside some other job: it has the processor, then.
    func adopt(task: TaskWord) -> NodePointer? {
        guard let node = external.removeValue(forKey: task) else { return nil }
        settle()
        noLongerExternal()
        state.append(node)
        state.pointee.current = node
        state.markRunning(node)
        return node
    }
}

/// What other threads leave for an ordered scheduler's loop.
enum Injection {
    case job(UnownedJob)
    /// A one-shot value that the tasklet waited for has come.
    case wakeUp(Tasklet)
    /// Something to be done in the scheduler's order.
    case call(@Sendable () -> Void)

    /// Whether it need not wait for a run, where none has tasklets beyond that number.
    func isLate(_ last: UInt64) -> Bool {
        switch self {
        case .job: false
        case .wakeUp(let tasklet): tasklet.id <= last
        case .call: true
        }
    }
}

extension UnsafeMutablePointer<Node> {
    /// Whether the job is the tasklet's own task.
    func isRun(by job: UnownedJob) -> Bool { pointee.task == job.task }
}

extension UnownedJob {
    /// The task whose job this is: a task is its own job.
    package var task: TaskWord { unsafeBitCast(self, to: TaskWord.self) }
}
