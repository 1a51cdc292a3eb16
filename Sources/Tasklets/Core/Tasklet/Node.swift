// SPDX-License-Identifier: Apache-2.0

public import CSwitch

/// What the scheduler knows of a tasklet.
///
/// The memory is part of the tasklet's ``TaskletRecord``, and lives as long as the ``Tasklet`` object.
///
/// On an ordered scheduler, code on the loop's thread may touch it; on a concurrent one, code that holds the
/// scheduler's lock. The tasklet that leaves the processor writes `context`, `continuation` and `job`, and the code
/// that resumes it reads them; the scheduler's order, or its lock, puts the one before the other.
@usableFromInline
package struct Node {
    // What follows a value or a switch around comes first, then what few tasklets need, then what each uses when it
    // starts and ends: in the tasklet's record, that and the body share two or three cache lines. Where a million
    // tasklets wait for their first turn, each line is a miss.

    /// A value on its way to or from this tasklet: Stackless's `tempval`.
    ///
    /// First, so that its address is the node's.
    @usableFromInline package var slot = TransferSlot()
    /// Where the tasklet was parked.
    ///
    /// Second, at ``contextOffset``.
    @usableFromInline package var context = sw_context()
    /// What it waits for: a channel, a selection, a one-shot value, an endpoint or another tasklet, as `state` says.
    @usableFromInline package var awaited: UnsafeMutableRawPointer?

    /// How the runtime brings it back.
    package var continuation: UnsafeContinuation<Void, Never>?
    package var job: UnownedJob?
    /// See ``ThreadClaims``.
    package var claimant: ThreadIdentity = 0
    /// The driver's own record of this tasklet, where it keeps one.
    package var driverRecord: UnsafeMutableRawPointer?
    package var timer = DeadlineTimer()

    /// Neighbours in the run queue, or in the queue of what the tasklet waits for.
    ///
    /// A tasklet is in at most one of them.
    @usableFromInline package var next: NodePointer?
    @usableFromInline package var previous: NodePointer?
    @usableFromInline package let owner: StatePointer
    /// The tasklet; nil for a proxy.
    var tasklet: Unmanaged<Tasklet>?
    /// The Swift task that runs its body, from the first switch to it until its end.
    @usableFromInline package var task: TaskWord = 0

    @usableFromInline package var state: TaskletState = .paused
    @usableFromInline package var slotContent: SlotContent = .empty
    @usableFromInline package var resumption: Resumption = .fresh
    /// With a channel: +1 while it waits as a sender, -1 as a receiver.
    @usableFromInline package var direction: Int8 = 0
    /// `interruption` is to be thrown where the tasklet is parked.
    @usableFromInline package var isInterrupted = false
    /// `interruption` came while the tasklet was not parked, and is thrown at its next suspension.
    package var hasPendingInterruption = false
    /// `interruption` is there because the channel where it waited was closed, which ends an iteration.
    package var isEndedByClosing = false
    /// It continues because its deadline came, and not for what it waited for.
    @usableFromInline package var hasTimedOut = false
    /// The I/O operation that it performs, and whether that has completed.
    package var operation = Operation.read
    package var isOperationComplete = false
    /// See ``Tasklet/blockTrap`` and ``Tasklet/isAtomic``.
    package var blockTrap = false
    package var isAtomic = false
    /// It runs one of the scheduler's callbacks.
    package var isInCallback = false
    /// It was made on another thread than its ordered scheduler's, which has yet to take it over.
    var isYetToBeAdded = false
    /// A failure to start it is reported to its spawner, and not to the main tasklet.
    var reportsStartFailure = false
    /// A wake-up for the one-shot value that it waits for is on its way; see ``OneShotCell``.
    package var isWakeUpComing = false
    /// Wake-ups that are on their way, and come too late.
    package var lateWakeUps: Int32 = 0
    /// Checkpoints since it last got the processor.
    package var checkpoints: Int32 = 0
    package var interruption: (any Error)?
    /// Tasklets that wait for this one to end, or to leave the processor.
    package var waiters = WaitQueue()
    /// See ``Roster``.
    package var nextAlive: NodePointer?
    package var previousAlive: NodePointer?

    @inline(__always) package init(owner: StatePointer) { self.owner = owner }

    @usableFromInline package static var contextOffset: Int { 24 }
}

/// The address of a Swift task, as a number that is compared and never followed; 0 stands for no task.
@usableFromInline package typealias TaskWord = UInt

@usableFromInline package typealias NodePointer = UnsafeMutablePointer<Node>

/// When a waiting tasklet wants to be woken, and where the timers keep it.
package struct DeadlineTimer {
    package var deadline: Deadline = .never
    /// The place in the timers' heap; -1 for none.
    package var heapIndex: Int32 = -1
    /// The tasklet waits with this deadline.
    package var isSet = false
}

extension UnsafeMutablePointer<Node> {
    /// The tasklet whose node this is.
    package var object: Tasklet { reference.takeUnretainedValue() }

    /// The same, not retained.
    var reference: Unmanaged<Tasklet> {
        guard let tasklet = pointee.tasklet else { preconditionFailure("a node without a tasklet") }
        return tasklet
    }

    /// What it waits for, by its state.
    package var channel: ChannelPointer? { pointee.awaited?.assumingMemoryBound(to: ChannelState.self) }
    @inlinable package var selection: SelectionPointer? { pointee.awaited?.assumingMemoryBound(to: Selection.self) }
    package var other: NodePointer? { pointee.awaited?.assumingMemoryBound(to: Node.self) }

    /// The place for a value in transit.
    @inlinable package var slotAddress: UnsafeMutableRawPointer { UnsafeMutableRawPointer(self) }

    /// The place where the switching code keeps what it needs.
    @inlinable package var contextAddress: UnsafeMutablePointer<sw_context> {
        (UnsafeMutableRawPointer(self) + Node.contextOffset).assumingMemoryBound(to: sw_context.self)
    }

    /// The calling tasklet has the processor, from now on.
    @inline(__always) package func markRunning() {
        pointee.state = .running
        sw_set_current(self)
    }

    /// Whether the job is the tasklet's own task.
    func isRun(by job: UnownedJob) -> Bool { pointee.task == job.task }
}

extension UnownedJob {
    /// The task whose job this is: a task is its own job.
    package var task: TaskWord { unsafeBitCast(self, to: TaskWord.self) }
}

/// Where a tasklet is in its life.
@usableFromInline
package enum TaskletState: UInt8 {
    /// Alive, and in no queue: not inserted yet, or removed.
    case paused
    /// In the run queue, waiting for its turn.
    case ready
    /// Has the processor.
    case running
    /// In a channel's queue.
    case blocked
    /// In several channels' queues, by proxies.
    case selecting
    /// No tasklet, but one of a selecting tasklet's proxies.
    case proxy
    /// No tasklet, but an operation that none waits for; see ``OutstandingOperation``.
    case outstanding
    /// Waits for a one-shot value.
    case awaiting
    /// Performs an I/O operation that has to wait.
    case performing
    /// Waits for a deadline.
    case sleeping
    /// Waits for another tasklet's end.
    case joining
    /// On a concurrent scheduler: waits until another tasklet leaves the processor.
    case deferring
    /// Suspended by the Swift runtime (a task group, an actor, another task's value), which will resume it.
    case suspended
    /// Its body has returned or thrown.
    case ended
}

/// How a tasklet is put back on the processor.
@usableFromInline
package enum Resumption: UInt8 {
    /// It has not run yet, and has no task.
    case fresh
    case soft, hard, slice, continuation
    /// The runtime handed its job to the scheduler.
    case job
    /// Its thread is parked.
    case kernel
}
