// SPDX-License-Identifier: Apache-2.0

internal import CSwitch
package import Synchronization

/// A scheduler: the state that all strategies share, and one strategy.
///
/// It is also the task executor that the tasklets' Swift tasks prefer, so that what the runtime suspends (at a task
/// group, an actor, another task's value) comes back to it as a job.
public final class SchedulerCore: Scheduler, TaskExecutor, @unchecked Sendable {
    // SAFETY: everything mutable is touched by the scheduler's tasklets and loop only, one at a time on an ordered
    // scheduler, under `state.lock` on an unordered one; except `injected` and `belongings`, which have locks of their own.
    @usableFromInline package let state: StatePointer
    @usableFromInline package let strategy: any Strategy
    /// Whether blocking hard swaps stacks.
    ///
    /// Elsewhere it blocks the thread: where tasklets move between threads, a stack cannot, because the runtime's
    /// frames on it keep addresses of the thread that they started on.
    @usableFromInline package let swapsStacks: Bool
    /// Whether tasks that wait for a body park softly, or through the runtime.
    package let parksWorkersSoftly: Bool
    /// Whether the runtime's thread state can be moved, as swapping stacks demands.
    let knowsRuntime: Bool

    /// Who is in ``Tasklet/runAll(budget:)``, the innermost last, and the budget that counts.
    var watchdogs: [Watchdog] = []
    var budget: Int?
    var callbacks = Callbacks()
    /// The state of the generator that selects draw from.
    var lots: UInt64 = 0
    /// How many callbacks are being called.
    var callbackDepth = 0
    var switchTrapCount = 0
    /// The schedule callback was told that nobody goes on, and is still to be told who does then.
    var owesNext = false

    package let isInUse = Atomic<Bool>(false)
    /// Held while a run begins, and while something is done in order, on any thread, though none runs.
    let outsideRuns = Lock { _ in }
    /// The number of the last tasklet of the last run that has ended.
    let lastOfEndedRun = Atomic<UInt64>(0)

    /// Jobs and wake-ups from other threads; see ``enqueue(_:)-swift.method``.
    let injected = Guarded<[Injection]>([])
    let hasInjected = Atomic<Bool>(false)

    /// What the tasklets of one run share, by type; see ``Tasklet/shared(_:)``.
    let belongings = Guarded<[ObjectIdentifier: any AnyObject & Sendable]>([:])

    /// Jobs from the loop's own thread that are no tasklet's turn: child tasks, actors.
    package var jobs: [UnownedJob] = []
    /// Tasklets that the runtime has suspended, by their task.
    var external: [TaskWord: NodePointer] = [:]
    /// On an unordered scheduler: tasklets that have started, by their task, and those that run, by their thread.
    var started: [TaskWord: NodePointer] = [:]
    var claims: [UInt: NodePointer] = [:]

    /// The stack of the thread that called `run`, on a scheduler that swaps stacks.
    var homeStack: UnsafeMutablePointer<sw_stack>?
    /// It is set aside until all is over.
    var isHomeWaiting = false
    /// A worker whose task is about to run for the first time.
    var startingWorker: WorkerPointer?
    /// Tasks that the scheduler has made, and that have come to their end.
    var finishedTasks: [TaskWord] = []
    /// Stacks whose loops have returned, to be given back.
    var finishedStacks: [UnsafeMutablePointer<sw_stack>] = []

    /// Main has ended, and so have all others.
    package var isFinished = false
    /// The first error that no tasklet caught and that main could not be given.
    var uncaught: (any Error)?
    /// How often those left have been killed.
    var killings = 0
    /// Found when main had ended and others could not go on.
    var finalDeadlock: SchedulerError?

    /// Makes a scheduler.
    ///
    /// - Parameters:
    ///   - strategy: what makes it go.
    ///   - switching: how its tasklets leave the processor. Where the Swift runtime is one that the switching code does
    ///     not know, soft and hard become continuation, and a line on standard error says so once.
    ///   - isOrdered: whether one tasklet runs at a time, in the ring's order.
    ///   - swapsStacks: whether all tasklets run on one and the same thread.
    package init(
        strategy: any Strategy,
        options: SchedulerOptions,
        switching: Switching,
        isOrdered: Bool,
        swapsStacks: Bool
    ) {
        let isRuntimeKnown = RuntimeCheck.isKnown && !options.distrustsRuntime
        let needsRuntime = switching == .soft || switching == .hard
        if needsRuntime, !isRuntimeKnown { RuntimeCheck.reportFallback() }
        self.strategy = strategy
        self.swapsStacks = swapsStacks
        self.knowsRuntime = isRuntimeKnown
        self.parksWorkersSoftly = isRuntimeKnown && switching != .continuation
        let actual = needsRuntime && !isRuntimeKnown ? .continuation : switching
        state = .allocate(capacity: 1)
        state.initialize(
            to: SchedulerState(core: self, switching: actual, isOrdered: isOrdered, isRuntimeKnown: isRuntimeKnown)
        )
        strategy.prepare(self)
    }

    deinit {
        state.pointee.tally.deallocate()
        state.pointee.lock?.deallocate()
        outsideRuns.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    public var isOrdered: Bool { state.pointee.isOrdered }

    public var switching: Switching { state.pointee.switching }

    public var counters: SchedulerCounters {
        withLock {
            var counters = SchedulerCounters(noSwitch: state.pointee.noSwitch, systemCalls: strategy.systemCalls)
            state.pointee.tally.snapshot(into: &counters)
            return counters
        }
    }

    /// The address by which the runtime knows this executor.
    package var identity: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    /// How many tasklets are runnable, the running ones and those that give way to them included.
    package var runnableCount: Int { state.pointee.ringCount + state.pointee.watchingCount }

    /// The scheduler whose loop runs on the calling thread.
    static var onThisThread: SchedulerCore? {
        guard let identity = sw_scheduler() else { return nil }
        return Unmanaged<SchedulerCore>.fromOpaque(identity).takeUnretainedValue()
    }

    /// The calling tasklet; nil outside any.
    ///
    /// The thread's own note is a hint, and right whenever the task that it names is the one that runs. Where the
    /// runtime resumed a tasklet inside some other job (an actor's), its task is looked up.
    @inline(__always) package static func currentNode() -> NodePointer? {
        // Where the runtime is not known, the word is none that a task could have.
        if let hint = sw_current()?.assumingMemoryBound(to: Node.self), hint.pointee.task == sw_active_task_word() {
            return hint
        }
        return lookUpCurrentNode()
    }

    @inline(never) private static func lookUpCurrentNode() -> NodePointer? {
        guard let active = sw_active_task().map({ TaskWord(bitPattern: $0) }) else { return nil }
        if let hint = sw_current()?.assumingMemoryBound(to: Node.self), hint.pointee.task == active { return hint }
        guard let core = onThisThread else { return nil }
        return core.isOrdered ? core.adopt(task: active) : core.lookUpConcurrently(task: active)
    }
}
