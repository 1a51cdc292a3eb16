// SPDX-License-Identifier: Apache-2.0

internal import CSwitch
internal import SeededRandom

/// A scheduler: wires the owners of its state to each other, and to a backend.
///
/// It is also the task executor that the tasklets' Swift tasks prefer, so that what the runtime suspends (at a task
/// group, an actor, another task's value) comes back to it as a job.
public final class SchedulerCore: Scheduler, TaskletExecutor, @unchecked Sendable {
    // SAFETY: everything mutable is touched by the scheduler's tasklets and loop, one at a time on an ordered
    // scheduler, with `state.lock` held on a concurrent one; the injection queue, the settings, the gate and the run
    // locals have locks of their own.
    @usableFromInline package let state: StatePointer
    package let runner: any Runner
    /// The backend.
    package let driver: any Driver

    /// Whether the runtime's thread state can be moved, as parking softly and swapping stacks demand.
    let knowsRuntime: Bool
    /// Whether tasks that wait for a body park softly, or through the runtime.
    let parksSoftly: Bool
    /// Whether tasks may be made in memory of the scheduler's own.
    let makesCompactTasks: Bool
    /// How a tasklet waits in synchronous code.
    private let synchronousWaiting: SynchronousWaiting

    /// What looks names up for its tasklets.
    let names: NameService
    /// What the program has set last.
    let settings = Guarded(Settings())
    let gate = RunGate()
    let runLocals = RunLocals()
    /// The main tasklet of the run that is in progress, kept for tasklets on other threads.
    let mainOfRun = Guarded<Tasklet?>(nil)
    /// What selects choose with: the same sequence in every run.
    var selectRandom = SplitMix64(seed: 0)

    /// Makes an ordered scheduler.
    ///
    /// - Parameters:
    ///   - driver: the backend.
    ///   - waiting: how its tasklets wait in synchronous code.
    ///   - switching: how its tasklets leave the processor. Where the switching code does not know the Swift runtime,
    ///     soft, hard and slice become continuation, and a line on standard error says so once.
    ///   - options: what the scheduler was asked for with.
    package convenience init(
        _ driver: any LoopDriver,
        waiting: SynchronousWaiting,
        switching: Switching,
        options: SchedulerOptions
    ) {
        let state = StatePointer.allocate(capacity: 1)
        self.init(state, OrderedLoop(state, driver), .none, waiting, switching, options)
    }

    /// Makes a concurrent scheduler.
    ///
    /// Parameters as of the other initializer.
    package convenience init(_ driver: any ConcurrentDriver, switching: Switching, options: SchedulerOptions) {
        let state = StatePointer.allocate(capacity: 1)
        let runner = ConcurrentRunner(state, driver)
        self.init(state, runner, SchedulerLock(unparking: driver), .parkingThreads(driver), switching, options)
    }

    private init(
        _ state: StatePointer,
        _ runner: any Runner,
        _ lock: SchedulerLock,
        _ waiting: SynchronousWaiting,
        _ switching: Switching,
        _ options: SchedulerOptions
    ) {
        let needsRuntime = [.soft, .hard, .slice].contains(switching)
        knowsRuntime = RuntimeCheck.isKnown && !options.distrustsRuntime
        if needsRuntime, !knowsRuntime { RuntimeCheck.reportFallback() }
        self.state = state
        self.runner = runner
        names = options.names
        driver = runner.driver
        synchronousWaiting = waiting
        parksSoftly = knowsRuntime && switching != .continuation
        makesCompactTasks = parksSoftly && !options.distrustsTaskSize
        let actual = needsRuntime && !knowsRuntime ? .continuation : switching
        state.initialize(to: SchedulerState(core: self, switching: actual, lock: lock, isRuntimeKnown: knowsRuntime))
        state.pointee.stacks.areForAll = knowsRuntime && (actual == .hard || options.stackSize != nil)
        if let size = options.stackSize { state.pointee.stacks.size = size }
        StackOverflow.report()
    }

    deinit {
        state.pointee.region.free()
        state.pointee.records.unmapAll()
        state.pointee.switchTally.deallocate()
        state.pointee.lock.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    // MARK: Its parts

    /// The runner of an ordered scheduler; traps on a concurrent one.
    package var orderedLoop: OrderedLoop {
        guard let loop = runner as? OrderedLoop else { preconditionFailure("this scheduler is not an ordered one") }
        return loop
    }

    /// The runner of a concurrent scheduler; traps on an ordered one.
    package var concurrentRunner: ConcurrentRunner {
        guard let runner = runner as? ConcurrentRunner else { preconditionFailure("this scheduler is an ordered one") }
        return runner
    }

    var swapsStacks: Bool {
        if case .swappingStacks = synchronousWaiting { true } else { false }
    }

    var threadParking: any ThreadParking {
        guard case .parkingThreads(let parking) = synchronousWaiting else {
            preconditionFailure("this scheduler never blocks a tasklet's thread")
        }
        return parking
    }

    package var core: SchedulerCore { self }

    /// The address by which the runtime knows this executor.
    package var identity: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    /// Called by the runtime, from any thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if !JobCapture.takes(job) { runner.enqueue(job) }
    }

    package func withLock<R>(_ body: () throws -> R) rethrows -> R { try state.withLock(body) }

    // MARK: The calling thread

    /// The scheduler whose loop runs on the calling thread.
    static var onThisThread: SchedulerCore? {
        guard let identity = sw_scheduler() else { return nil }
        return Unmanaged<SchedulerCore>.fromOpaque(identity).takeUnretainedValue()
    }
}
