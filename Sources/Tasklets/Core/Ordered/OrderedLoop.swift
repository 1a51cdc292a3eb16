// SPDX-License-Identifier: Apache-2.0

internal import CSwitch
internal import Synchronization

/// Runs the tasklets of an ordered scheduler, one at a time, in the run queue's order.
///
/// The loop runs inside a job of its own executor: softly parked tasklets are resumed on its stack, and what they then
/// do through the runtime needs a job's tracking information below them.
///
/// When a tasklet parks hard, the loop's stack is set aside with the tasklet on it, and another loop continues on
/// another stack; see ``LoopStacks``.
package final class OrderedLoop: Runner, @unchecked Sendable {
    // SAFETY: touched on the loop's thread, or while the scheduler does not run; except `injections`, which has a lock.
    // No access runs code that could begin another one.
    let state: StatePointer
    let loopDriver: any LoopDriver
    let injections = InjectionQueue()
    /// Jobs from the loop's own thread that are no tasklet's turn: child tasks', actors'.
    @exclusivity(unchecked) var jobs = FIFO<UnownedJob>()
    /// What was taken from `injections`, and is still to be done.
    @exclusivity(unchecked) var injected = FIFO<Injection>()
    let suspended = SuspendedTasklets()
    let idsOfForeignThreads = Atomic(Injection.firstIDOfForeignThreads)

    init(_ state: StatePointer, _ driver: any LoopDriver) {
        self.state = state
        loopDriver = driver
    }

    var core: SchedulerCore { state.pointee.core }

    // MARK: Running

    /// Runs tasklets on the calling thread until all have ended.
    package func runOnThisThread() { ThreadScope.run(core) { runToEnd() } }

    private func runToEnd() {
        let home = LoopStacks.Stack.allocate(capacity: 1)
        home.initialize(to: sw_stack())
        defer { home.deallocate() }
        state.pointee.stacks.active = home
        state.pointee.stacks.home = home
        if state.pointee.stacks.areForAll, state.hasIdleStack() { runOnPooledStack(from: home) }
        runLoopsAtHome()
        endLoops(at: home)
    }

    /// Runs loops on the thread's own stack until all tasklets have ended.
    ///
    /// A tasklet that waits in synchronous code may be parked on that stack, and may have to be given up there: then the
    /// last loop continues here from another stack, through the refuge, and the frames above are abandoned.
    private func runLoopsAtHome() {
        withUnsafeTemporaryAllocation(of: sw_refuge.self, capacity: 1) { refuges in
            // SAFETY: an allocation of one has an address; it is used until `sw_refuge_run` returns.
            let refuge = refuges.baseAddress.unsafelyUnwrapped
            refuge.initialize(to: sw_refuge())
            state.pointee.stacks.refuge = refuge
            sw_refuge_run(refuge, Self.runAtHome, core.identity)
            state.pointee.stacks.refuge = nil
        }
    }

    private static let runAtHome: @convention(c) (UnsafeMutableRawPointer?) -> Void = { core in
        guard let core else { return }
        Unmanaged<SchedulerCore>.fromOpaque(core)._withUnsafeGuaranteedRef { $0.orderedLoop.runUntilEnd() }
    }

    private func runUntilEnd() {
        if !state.pointee.runEnd.isFinished { core.inNewJob { self.loop() } }
    }

    /// All tasklets have ended: so do the loops that were set aside, and the tasks that wait for a body.
    func endLoops(at home: LoopStacks.Stack) {
        core.inNewJob { self.core.endIdleTasks() }
        endIdleLoops(except: home)
        passOnRemainingJobs()
    }

    /// Runs tasklets until all have ended.
    private func loop() {
        while !state.pointee.runEnd.isFinished {
            if state.pointee.fuel <= 0 { poll() }
            guard let node = state.pointee.runQueue.current else {
                idle()
                continue
            }
            execute(node)
            noteSuspension()
        }
    }

    /// Takes what has come from outside, and starts the count to the next time.
    func poll() {
        takeInjections()
        runJobs()
        loopDriver.poll(self)
        state.pointee.fuel = loopDriver.interval(self)
    }

    /// The run queue is empty.
    private func idle() {
        takeInjections()
        // An injection may have made a tasklet ready.
        if state.pointee.runQueue.current != nil { return }
        if !jobs.isEmpty { return runJobs() }
        guard state.canStillWake else { return state.resolveStall() }
        state.pointee.records.takeReturned()
        if state.pointee.taskPool.surplus > 0 { return shrink() }
        loopDriver.wait(self)
    }

    /// Uses the time until something comes to give back memory.
    private func shrink() {
        core.endSurplusTasks()
        // To look whether anything has come.
        state.pointee.fuel = 0
    }

    /// Puts a tasklet on the processor.
    ///
    /// Returns when control is back in the loop, whatever tasklet had it last.
    func execute(_ node: NodePointer) {
        if !state.pointee.specialCases.isDisjoint(with: [.callback, .traced]) { observeTurn(of: node) }
        if let region = state.pointee.region.address { execute(node, on: region) } else { executeHere(node) }
    }

    /// The same on the running stack.
    func executeHere(_ node: NodePointer) {
        switch node.pointee.resumption {
        case .fresh:
            start(node)
        case .soft:
            node.markRunning()
            sw_resume(node.contextAddress)
        case .hard:
            node.pointee.state = .running
            continueStack(of: node)
        case .slice:
            preconditionFailure("a sliced tasklet continues without its region")
        case .continuation:
            resumeContinuation(of: node)
        case .job:
            node.markRunning()
            if let job = node.pointee.job.take() { state.run(job) }
        case .kernel:
            core.threadParking.unpark(node)
        }
    }

    /// What others see of a turn, before it begins.
    @inline(never) private func observeTurn(of node: NodePointer) {
        if state.pointee.callbacks.owesNext { state.notifyScheduleCallback(afterIdle: node) }
        // A parked thread says itself that it runs.
        if state.isTraced, node.pointee.resumption != .kernel { state.traceRun(node) }
    }

    @inline(__always) private func start(_ node: NodePointer) {
        let idle = state.pointee.taskPool.popIdle()
        idle?.bind(node)
        if idle != nil { node.markRunning() }
        state.start(node, on: idle)
    }

    private func resumeContinuation(of node: NodePointer) {
        guard let continuation = node.pointee.continuation.take() else { return }
        let job = JobCapture.newJob { continuation.resume() }
        node.markRunning()
        state.run(job)
    }

    // MARK: Stacks

    /// Runs the loop on another stack, so that no tasklet parks on the thread's own: only on that can `run` return.
    func runOnPooledStack(from home: LoopStacks.Stack) {
        let first = state.popIdleStack()
        state.pointee.stacks.active = first
        state.pointee.stacks.isHomeSetAside = true
        sw_stack_swap(home, first, nil)
        state.pointee.stacks.isHomeSetAside = false
    }

    private func continueStack(of node: NodePointer) {
        guard let mine = state.pointee.stacks.active, let stack = node.pointee.context.stack else { return }
        state.pushIdleStack(mine)
        state.pointee.stacks.active = stack
        sw_stack_swap(mine, stack, node)
    }

    /// The outermost function of a pooled stack.
    static let runOnThisStack: @convention(c) (UnsafeMutableRawPointer?) -> Void = { core in
        guard let core else { return }
        runLoops(of: Unmanaged.fromOpaque(core))
    }

    /// Never returns, and so must not own anything: the stack is freed without unwinding.
    private static func runLoops(of core: Unmanaged<SchedulerCore>) -> Never {
        while true {
            let (mine, next) = core._withUnsafeGuaranteedRef { $0.orderedLoop.runUntilFinished() }
            switch next {
            case .stack(let next): sw_stack_swap(mine, next, nil)
            case .refuge(let refuge): sw_refuge_return(refuge)
            }
        }
    }

    /// Where a stack whose loop has returned leaves the thread to.
    private enum Exit {
        case stack(LoopStacks.Stack)
        /// The thread's own stack, with a tasklet parked on it that was given up.
        case refuge(UnsafeMutablePointer<sw_refuge>)
    }

    /// Returns this stack, and what is to continue when all tasklets have ended.
    @inline(never) private func runUntilFinished() -> (LoopStacks.Stack, Exit) {
        runUntilEnd()
        guard let mine = state.pointee.stacks.active else { preconditionFailure("no stack is active") }
        state.pointee.stacks.finished.append(mine)
        return (mine, exit())
    }

    private func exit() -> Exit {
        if state.pointee.stacks.isHomeOccupied, let refuge = state.pointee.stacks.refuge {
            state.pointee.stacks.active = state.pointee.stacks.home
            return .refuge(refuge)
        }
        let home = state.pointee.stacks.isHomeSetAside ? state.pointee.stacks.home : nil
        let next = home ?? state.popIdleStack()
        state.pointee.stacks.active = next
        return .stack(next)
    }

    /// Lets the loop on every other stack return, so that its job ends, and frees the stacks.
    private func endIdleLoops(except home: LoopStacks.Stack) {
        while let stack = state.pointee.stacks.idle {
            home.pointee.next = stack.pointee.next
            state.resetIdleStacks(to: home)
            state.pointee.stacks.active = stack
            sw_stack_swap(home, stack, nil)
        }
        state.pointee.stacks.freeFinished()
    }
}
