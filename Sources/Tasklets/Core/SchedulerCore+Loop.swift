// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// The loop of the schedulers that run all their tasklets on one thread.
///
/// It runs inside a job of its own executor: softly parked tasklets are resumed on its stack, and what they then do
/// through the runtime needs a job's tracking information below them. When such a tasklet was suspended by the runtime
/// after it had taken an actor along, the actor belongs to that job, and the job has to end to let it go; then a new
/// one is started.
///
/// When a tasklet blocks hard, the loop's stack is set aside with the tasklet on it, and another loop goes on, on a
/// stack from a pool. So there may be many loops, of which one runs; they share everything.
extension SchedulerCore {
    /// Runs tasklets on the calling thread until all have ended.
    package func runLoop() { withoutAccesses { runLoopToItsEnd() } }

    private func runLoopToItsEnd() {
        let outer = (scheduler: sw_scheduler(), current: sw_current())
        defer {
            sw_set_scheduler(outer.scheduler)
            sw_set_current(outer.current)
        }
        sw_set_scheduler(identity)
        sw_set_current(nil)
        let home = UnsafeMutablePointer<sw_stack>.allocate(capacity: 1)
        home.initialize(to: sw_stack())
        defer { home.deallocate() }
        state.pointee.activeStack = home
        homeStack = home
        if switching == .hard, hasIdleStack() { runElsewhere(from: home) }
        while !isFinished { inNewJob { self.loop() } }
        endLoops(at: home)
    }

    /// All tasklets have ended: so do the loops that were set aside, and the tasks that wait for a body.
    func endLoops(at home: UnsafeMutablePointer<sw_stack>) {
        inNewJob { self.endIdleWorkers() }
        endIdleStacks(except: home)
        passOnJobsLeft()
    }

    /// Runs the loops on stacks from the pool, so that the thread's own carries no tasklet that blocks: only from there
    /// can `run` return.
    func runElsewhere(from home: UnsafeMutablePointer<sw_stack>) {
        let first = takeIdleStack()
        state.pointee.activeStack = first
        isHomeWaiting = true
        sw_stack_swap(home, first, nil)
        isHomeWaiting = false
    }

    /// Runs `body` inside a job of this executor, on the calling thread.
    package func inNewJob(_ body: @escaping @Sendable () -> Void) {
        let job = Self.capture { Task.detached(executorPreference: self) { body() } }
        guard let job else { preconditionFailure("the runtime did not enqueue a new task on its preferred executor") }
        run(job)
    }

    /// Runs tasklets until all have ended, or until this job holds an actor that it must let go.
    private func loop() {
        while !isFinished {
            if state.pointee.fuel <= 0 { lookOutside() }
            guard let node = state.pointee.current else {
                idle()
                continue
            }
            execute(node)
            settle()
            if sw_holds_actor() { return }
        }
    }

    private func lookOutside() {
        takeInjected()
        runJobs()
        strategy.poll(self)
        state.pointee.fuel = strategy.interval(self)
    }

    /// Nothing is ready.
    private func idle() {
        takeInjected()
        // What was injected may have made somebody ready.
        if state.pointee.current != nil { return }
        if !jobs.isEmpty { return runJobs() }
        if canStillWake { return strategy.wait(self) }
        resolveStall()
    }

    /// Puts a tasklet on the processor.
    ///
    /// Returns when control is back in the loop, whoever had it last.
    package func execute(_ node: NodePointer) {
        if owesNext { notifyScheduleCallback(afterIdle: node) }
        switch node.pointee.resumption {
        case .fresh:
            start(node, on: takeIdleWorker())
        case .soft:
            state.markRunning(node)
            sw_resume(node.contextAddress)
        case .hard:
            node.pointee.state = .running
            continueStack(of: node)
        case .continuation:
            resumeContinuation(of: node)
        case .job:
            state.markRunning(node)
            if let job = node.pointee.job.take() { run(job) }
        case .kernel:
            strategy.unpark(node)
        }
    }

    private func resumeContinuation(of node: NodePointer) {
        guard let continuation = node.pointee.continuation.take() else { return }
        guard let job = Self.capture({ continuation.resume() }) else { return becomeExternal(node) }
        if node.isRun(by: job) {
            state.markRunning(node)
        } else {
            // It was parked on an actor, and comes back inside the actor's own job.
            becomeExternal(node)
        }
        run(job)
    }

    // MARK: Stacks

    private func continueStack(of node: NodePointer) {
        guard let mine = state.pointee.activeStack, let stack = node.pointee.context.stack else { return }
        mine.pointee.next = state.pointee.idleStacks
        state.pointee.idleStacks = mine
        state.pointee.activeStack = stack
        sw_stack_swap(mine, stack, node)
    }

    /// Whether a loop's stack is ready to go on when the running one is set aside.
    ///
    /// Makes one where there is none.
    package func hasIdleStack() -> Bool {
        state.pointee.idleStacks != nil || (try? addIdleStack()) != nil
    }

    /// Throws `system` when there is no memory, or no mapping left, for another stack.
    @usableFromInline package func addIdleStack() throws {
        let start: @convention(c) (UnsafeMutableRawPointer?) -> Void = { core in
            guard let core else { return }
            SchedulerCore.runLoopsOnThisStack(of: Unmanaged.fromOpaque(core))
        }
        guard let stack = sw_stack_new(start, identity) else { throw SchedulerError.noStack() }
        stack.pointee.next = state.pointee.idleStacks
        state.pointee.idleStacks = stack
    }

    func takeIdleStack() -> UnsafeMutablePointer<sw_stack> {
        guard let stack = state.pointee.idleStacks else { preconditionFailure("no stack was prepared to go on with") }
        state.pointee.idleStacks = stack.pointee.next
        return stack
    }

    /// The outermost function of a stack from the pool.
    ///
    /// It never returns, and so must not own anything: the stack is given up where it stands.
    private static func runLoopsOnThisStack(of core: Unmanaged<SchedulerCore>) -> Never {
        while true {
            let (mine, next) = core._withUnsafeGuaranteedRef { $0.runLoopsUntilFinished() }
            sw_stack_swap(mine, next, nil)
        }
    }

    /// Returns this stack, and the one to go to when all is over.
    @inline(never)
    private func runLoopsUntilFinished() -> (UnsafeMutablePointer<sw_stack>, UnsafeMutablePointer<sw_stack>) {
        while !isFinished { inNewJob { self.loop() } }
        guard let mine = state.pointee.activeStack else { preconditionFailure("no stack is active") }
        finishedStacks.append(mine)
        guard isHomeWaiting, let home = homeStack else { return (mine, activate(takeIdleStack())) }
        return (mine, activate(home))
    }

    private func activate(_ stack: UnsafeMutablePointer<sw_stack>) -> UnsafeMutablePointer<sw_stack> {
        state.pointee.activeStack = stack
        return stack
    }

    /// Whether the thread's own stack carries no tasklet that blocks: only from there can `run` return.
    var isHomeFree: Bool {
        guard !isHomeWaiting, let home = homeStack, home != state.pointee.activeStack else { return true }
        var next = state.pointee.idleStacks
        while let stack = next, stack != home { next = stack.pointee.next }
        return next != nil
    }

    /// Lets every loop on another stack return, so that its job ends, and gives the stacks back.
    private func endIdleStacks(except home: UnsafeMutablePointer<sw_stack>) {
        while let stack = state.pointee.idleStacks {
            state.pointee.idleStacks = home
            home.pointee.next = stack.pointee.next
            state.pointee.activeStack = stack
            sw_stack_swap(home, stack, nil)
        }
        for stack in finishedStacks { sw_stack_free(stack) }
        finishedStacks.removeAll()
    }
}
