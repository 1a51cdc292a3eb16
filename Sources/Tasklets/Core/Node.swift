// SPDX-License-Identifier: Apache-2.0

public import CSwitch

/// What the scheduler knows of a tasklet.
///
/// Its memory belongs to the ``Tasklet`` object and lives as long as it.
///
/// Who may touch it: on an ordered scheduler, the code that runs on the scheduler's thread; on an unordered one, whoever
/// holds the scheduler's lock. `context`, `continuation` and `job` are written by the tasklet that leaves the processor
/// and read by whoever resumes it; the scheduler's order (or its lock) puts the one before the other.
@usableFromInline
package struct Node {
    /// Room for a value on its way to or from this tasklet: Stackless's `tempval`.
    ///
    /// First, so that its address is the node's.
    @usableFromInline package var hand: Hand = Hand()
    /// Where it was left.
    ///
    /// Second, at ``contextOffset``.
    @usableFromInline package var context = sw_context()

    /// Neighbours in the ring, or in the queue of what it waits for.
    ///
    /// A tasklet is in at most one of them.
    @usableFromInline package var next: NodePointer?
    @usableFromInline package var previous: NodePointer?
    @usableFromInline package let owner: StatePointer

    /// The Swift task that its body runs in, from its first run to its end.
    @usableFromInline package var task: TaskWord = 0

    @usableFromInline package var state: TaskletState = .paused
    /// What `hand` holds.
    @usableFromInline package var holds: Holding = .nothing
    /// How it is put back on the processor.
    @usableFromInline package var resumption: Resumption = .fresh
    /// With a channel: +1 while it waits as a sender, -1 as a receiver.
    @usableFromInline package var direction: Int8 = 0
    /// `interruption` is to be thrown where the tasklet is suspended.
    @usableFromInline package var isInterrupted = false
    /// `interruption` came while the tasklet was not suspended by the scheduler, and is thrown when it next would be.
    package var awaitsInterruption = false
    /// The timers keep it.
    package var hasDeadline = false
    /// It went on because its deadline came, and not for what it waited for.
    @usableFromInline package var hasTimedOut = false
    /// What it does with an endpoint, and whether that is over.
    package var operation = Operation.read
    package var isOperationOver = false
    /// See ``Tasklet/blockTrap`` and ``Tasklet/isAtomic``.
    package var blockTrap = false
    package var isAtomic = false
    /// It runs a callback of the scheduler's.
    package var isInCallback = false
    /// Whoever spawns it is told that it cannot be started, and not the main tasklet.
    var tellsSpawner = false
    /// Checkpoints since it last got the processor.
    package var checkpoints: Int32 = 0
    /// The one-shot value that it waits for has come, and a wake-up is on its way; see `OneShotCell`.
    package var isWakeUpComing = false
    /// Wake-ups that are on their way, and come too late.
    package var lateWakeUps: Int32 = 0
    package var interruption: (any Error)?

    /// What it waits for: a channel, a selection, a one-shot value, an endpoint, or another tasklet, as `state` says.
    package var awaited: UnsafeMutableRawPointer?
    /// Who waits for this one to end, or, on an unordered scheduler, to leave the processor.
    package var waiters = WaitQueue()

    /// The thread that claims it, on an unordered scheduler; 0 while none does.
    package var thread: UInt = 0
    /// For the strategies that block its thread: see CLinux's seats.
    package var seat: UInt32 = 0
    package var alarm: Int32 = -1
    package var continuation: UnsafeContinuation<Void, Never>?
    package var job: UnownedJob?

    /// When it wants to be woken, on the monotonic clock, and where the timers keep it.
    package var deadline: Deadline = .never
    package var timerIndex: Int32 = -1
    /// See ``Labels``.
    package var label = Labels.none

    /// All tasklets of the scheduler that are alive.
    package var nextAlive: NodePointer?
    package var previousAlive: NodePointer?

    @inline(__always) package init(owner: StatePointer) { self.owner = owner }

    @usableFromInline package static var contextOffset: Int { 24 }
    /// The first property of an object comes right after its header of two words.
    static var offsetInTasklet: Int { 16 }

    /// Traps if one of the two offsets is not what it is believed to be.
    static func checkLayout(of tasklet: Tasklet) {
        precondition(MemoryLayout<Node>.offset(of: \.hand) == 0, "the hand is not first")
        precondition(MemoryLayout<Node>.offset(of: \.context) == contextOffset, "the context is not second")
        precondition(tasklet.node.pointee.owner == tasklet.owner, "the node is not at the beginning of its tasklet")
    }
}

/// The address of a Swift task, as a number that is compared and never followed; 0 is none.
@usableFromInline package typealias TaskWord = UInt

@usableFromInline package typealias NodePointer = UnsafeMutablePointer<Node>

extension UnsafeMutablePointer<Node> {
    /// The tasklet around this node.
    package var object: Tasklet { reference.takeUnretainedValue() }

    /// The same, not retained.
    var reference: Unmanaged<Tasklet> {
        Unmanaged.fromOpaque(UnsafeMutableRawPointer(self) - Node.offsetInTasklet)
    }

    /// What it waits for, by its state.
    package var channel: ChannelPointer? { pointee.awaited?.assumingMemoryBound(to: ChannelState.self) }
    package var selection: SelectionPointer? { pointee.awaited?.assumingMemoryBound(to: Selection.self) }
    package var other: NodePointer? { pointee.awaited?.assumingMemoryBound(to: Node.self) }

    /// The place for a value in transit.
    @inlinable package var handAddress: UnsafeMutableRawPointer { UnsafeMutableRawPointer(self) }

    /// The place where the switching code keeps what it needs.
    @inlinable package var contextAddress: UnsafeMutablePointer<sw_context> {
        (UnsafeMutableRawPointer(self) + Node.contextOffset).assumingMemoryBound(to: sw_context.self)
    }
}

/// Three words, for a value that fits, or the address of one that does not.
@usableFromInline
package struct Hand {
    @usableFromInline package var words: (UInt, UInt, UInt) = (0, 0, 0)
    @usableFromInline package init() {}
    @usableFromInline package static var size: Int { 24 }
    @usableFromInline package static var alignment: Int { 8 }
}

/// What a tasklet's hand holds.
@usableFromInline
package enum Holding: UInt8 {
    case nothing, value, error
}

/// Where a tasklet is in its life.
@usableFromInline
package enum TaskletState: UInt8 {
    /// Alive, and in no queue: not inserted yet, or removed.
    case paused
    /// In the ring, waiting for its turn.
    case ready
    /// Has the processor.
    case running
    /// In a channel's queue.
    case blocked
    /// In several channels' queues, by proxies.
    case selecting
    /// No tasklet, but one of a selecting tasklet's proxies.
    case proxy
    /// Waits for a one-shot value.
    case awaiting
    /// Performs an operation on an endpoint, which has to wait.
    case performing
    /// Waits for a deadline.
    case sleeping
    /// Waits for another tasklet's end.
    case joining
    /// Gives way to another tasklet until that leaves the processor, on an unordered scheduler.
    case watching
    /// Suspended by the Swift runtime (a task group, an actor, another task's value), which will bring it back.
    case external
    /// Its body is over.
    case ended
}

/// How a tasklet is put back on the processor.
@usableFromInline
package enum Resumption: UInt8 {
    /// It has not run yet, and has no task.
    case fresh
    case soft, hard, continuation
    /// The runtime handed its job to the scheduler.
    case job
    /// Its thread waits.
    case kernel
}
