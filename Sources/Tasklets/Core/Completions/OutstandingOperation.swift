// SPDX-License-Identifier: Apache-2.0

/// An operation that no tasklet waits for: a reactor's, which calls back when it has completed.
///
/// It is a node like a tasklet's, so endpoints and timers keep it and complete it as they do those; all that they and
/// the core know of it is its state. It has no body, no task and no stack. While it waits it counts as a pending
/// wait, so a scheduler with outstanding operations is idle and not deadlocked. Then it is due: in its queue, until
/// the reactor's tasklet has a turn.
///
/// The idea is the one of a select's ``Proxy``, and of an entry of an I/O completion port.
struct OutstandingOperation {
    /// First, so that its address is the operation's.
    var node: Node
    /// The queue that it goes to.
    let queue: CompletionQueue
    /// What it is performed on, kept open for it; nil for a timer, and a call.
    let stream: TCPStream?
    let deadline: Deadline
    /// Called once, by the reactor's tasklet.
    let finish: CompletionQueue.Finish
    /// What performs it, where that is outside the scheduler.
    var outside: OutsideOperation?
    /// Why it was given up, where it was.
    var failure: (any Error)?
}

extension UnsafeMutablePointer<OutstandingOperation> {
    var node: NodePointer { UnsafeMutableRawPointer(self).assumingMemoryBound(to: Node.self) }

    /// Makes an operation, which is in no queue yet.
    ///
    /// ``end()`` frees it.
    static func make(
        for queue: CompletionQueue,
        of state: StatePointer,
        on stream: TCPStream?,
        until deadline: Deadline,
        _ finish: @escaping CompletionQueue.Finish
    ) -> Self {
        let operation = Self.allocate(capacity: 1)
        let node = Node(owner: state)
        operation.initialize(
            to: OutstandingOperation(node: node, queue: queue, stream: stream, deadline: deadline, finish: finish)
        )
        // SAFETY: the stream, which the operation keeps, keeps the box.
        operation.node.pointee.awaited = stream.map { Unmanaged.passUnretained($0.box).toOpaque() }
        return operation
    }

    /// Whether an endpoint has woken it for another attempt, and not because it has completed.
    var isToBeAttempted: Bool {
        pointee.stream != nil && pointee.failure == nil && !node.pointee.isOperationComplete
            && !node.pointee.hasTimedOut
    }

    /// How it has ended: a deadline is the failure of an operation, and what a timer waits for.
    var outcome: Result<Int, any Error> {
        if let failure = pointee.failure { return .failure(failure) }
        guard pointee.stream != nil else { return .success(0) }
        let operation = node.pointee.operation
        if node.pointee.hasTimedOut { return .failure(SchedulerError.timedOut(operation)) }
        let result = node.result
        return result >= 0 ? .success(result) : .failure(SchedulerError.failed(operation, errno: -result))
    }

    /// Frees the operation, which is in no queue any more; returns what remains to be called, with its argument.
    func end() -> (finish: CompletionQueue.Finish, outcome: Result<Int, any Error>) {
        let end = (pointee.finish, outcome)
        deinitialize(count: 1)
        deallocate()
        return end
    }
}

extension UnsafeMutablePointer<Node> {
    /// The operation that this node is, in state `outstanding`, or due.
    var outstandingOperation: UnsafeMutablePointer<OutstandingOperation> {
        UnsafeMutableRawPointer(self).assumingMemoryBound(to: OutstandingOperation.self)
    }

    /// What the outstanding operation waited for is over: its reactor has something to do.
    ///
    /// With the lock held. Not inlined into the operations of tasklets, which need it for one comparison.
    @inline(never) func becomeDue() { outstandingOperation.pointee.queue.becomeDue(self) }
}

/// The operations of a queue that still wait, the oldest first, in a doubly linked list.
///
/// Their nodes are no tasklets', so the links of the ``Roster`` are free.
struct OutstandingList {
    private(set) var first: NodePointer?
    private var last: NodePointer?

    mutating func append(_ node: NodePointer) {
        node.pointee.previousAlive = last
        if let last { last.pointee.nextAlive = node } else { first = node }
        last = node
    }

    mutating func remove(_ node: NodePointer) {
        let next = node.pointee.nextAlive
        let previous = node.pointee.previousAlive
        if let previous { previous.pointee.nextAlive = next } else { first = next }
        if let next { next.pointee.previousAlive = previous } else { last = previous }
        node.pointee.nextAlive = nil
        node.pointee.previousAlive = nil
    }
}
