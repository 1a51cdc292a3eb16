// SPDX-License-Identifier: Apache-2.0

/// The part of a scheduler that every operation touches, reached by pointer so that no reference is counted on the way.
///
/// Each field is an owner with its own invariants; this type only wires them. On an ordered scheduler the loop's thread
/// touches it and nothing else does, and the run queue holds exactly the tasklets in state `ready` or `running`. On a
/// concurrent one every access is under `lock`, the run queue stays empty, and the driver keeps the ready tasklets.
@usableFromInline
package struct SchedulerState {
    @usableFromInline package var runQueue = RunQueue()
    /// How many more switches may go straight from tasklet to tasklet before the loop polls.
    @usableFromInline package var fuel = 0
    @usableFromInline package let switching: Switching
    /// The raw value of the ``Resumption`` that the next tasklet must have for a direct switch to it; no resumption's where
    /// switches go through the loop.
    let directResumption: UInt8
    /// Whether tasks that wait for a body park softly.
    let tasksParkSoftly: Bool
    /// What operations must check besides the common case; usually empty.
    ///
    /// Constant on a concurrent scheduler, where it is read without the lock and every special case is checked.
    @usableFromInline package private(set) var specialCases: SpecialCases
    /// Excludes tasklets that run at the same time; free on an ordered scheduler.
    @usableFromInline package let lock: SchedulerLock
    @usableFromInline package let switchTally = SwitchTally()
    /// Operations that could have switched and did not.
    @usableFromInline package var noSwitch: UInt64 = 0

    package var roster = Roster()
    package var waits = PendingWaits()
    package var taskPool = TaskPool()
    package var stacks = LoopStacks()
    var region = SharedRegion()
    package var coreReferences = CoreReferences()
    /// The memory of the tasklets' records.
    package var records = BlockPool(blockSize: MemoryLayout<TaskletRecord>.size)
    var watchdogs = Watchdogs()
    var callbacks = Callbacks()
    var runEnd = RunEnd()
    /// The labels of new tasklets, while a profile is taken.
    var recentLabels = RecentLabels()

    /// Tasklets whose block trap is set.
    package var blockTrapCount = 0 {
        didSet { note(.blockTrap, blockTrapCount > 0) }
    }
    /// Tasklets with an error to throw at their next suspension.
    package var pendingInterruptions = 0 {
        didSet { note(.pendingInterruption, pendingInterruptions > 0) }
    }
    /// The scheduler around this state, which outlives it.
    package unowned(unsafe) let core: SchedulerCore
    /// The core's address: no reference is counted where it is read.
    let identity: UnsafeMutableRawPointer
    /// The runner of a concurrent scheduler; nil on an ordered one.
    ///
    /// Unmanaged: the compiler would count references to it, and to nil, wherever it is read.
    package let concurrent: Unmanaged<ConcurrentRunner>?
    /// The core as the runtime knows it.
    let executor: UnownedTaskExecutor

    init(core: SchedulerCore, switching: Switching, lock: SchedulerLock, isRuntimeKnown: Bool) {
        self.core = core
        identity = core.identity
        concurrent = (core.runner as? ConcurrentRunner).map(Unmanaged.passUnretained)
        executor = core.asUnownedTaskExecutor()
        self.switching = switching
        directResumption =
            switch switching {
            case .soft: Resumption.soft.rawValue
            case .hard: Resumption.hard.rawValue
            case .slice, .continuation, .kernel: .max
            }
        self.lock = lock
        tasksParkSoftly = core.parksSoftly
        specialCases = concurrent == nil ? [] : .concurrent
        if TraceRecorder.active != nil { specialCases.insert(.traced) }
        // A thread may still look at the node of a tasklet that has gone on to another, and ended there.
        records.givesBack = concurrent == nil
        note(.unknownRuntime, !isRuntimeKnown)
        note(.needsStack, switching == .hard)
    }

    mutating func note(_ special: SpecialCases, _ isPresent: Bool) {
        guard concurrent == nil else { return }
        if isPresent { specialCases.insert(special) } else { specialCases.remove(special) }
    }
}

@usableFromInline package typealias StatePointer = UnsafeMutablePointer<SchedulerState>

/// The run queue, wired to the runner.
///
/// On an ordered scheduler operations use the run queue directly, on a concurrent one the runner's.
extension UnsafeMutablePointer<SchedulerState> {
    package var runner: any Runner { pointee.core.runner }

    func withLock<R>(_ body: () throws -> R) rethrows -> R {
        pointee.lock.lock()
        defer { pointee.lock.unlock() }
        return try body()
    }

    /// Runs a check with the lock held, and releases the lock where the check throws.
    @inline(__always) func unlockingOnError<R>(_ check: () throws -> R) throws -> R {
        do { return try check() } catch {
            pointee.lock.unlock()
            throw error
        }
    }

    /// Gives a tasklet, whose state is `ready`, a turn after all that are runnable.
    @inline(__always) func enqueue(_ node: NodePointer) {
        guard pointee.specialCases.isDisjoint(with: [.concurrent, .traced]) else { return enqueueSpecialCase(node) }
        pointee.runQueue.append(node)
    }

    @inline(never) private func enqueueSpecialCase(_ node: NodePointer) {
        if isTraced { traceReady(node) }
        if let concurrent = pointee.concurrent {
            concurrent._withUnsafeGuaranteedRef { $0.enqueue(node) }
        } else {
            pointee.runQueue.append(node)
        }
    }

    /// Makes a paused or waiting tasklet runnable.
    @inline(__always) func makeReady(_ node: NodePointer) {
        node.pointee.state = .ready
        enqueue(node)
    }

    /// Takes a tasklet, which parks or ends, off the runnable ones.
    @inline(__always) func leaveRunQueue(_ node: NodePointer) {
        if let concurrent = pointee.concurrent {
            concurrent._withUnsafeGuaranteedRef { $0.leaveRunQueue(node) }
        } else {
            pointee.runQueue.remove(node)
        }
    }

    /// How many tasklets are runnable, with the running ones and the ones that defer to them.
    var runnableCount: Int {
        pointee.concurrent?._withUnsafeGuaranteedRef { $0.runnableCount } ?? pointee.runQueue.count
    }

    /// Whether something outside the run queue may make a tasklet runnable.
    var canStillWake: Bool { !pointee.waits.isEmpty || runner.hasPendingJobs }
}
