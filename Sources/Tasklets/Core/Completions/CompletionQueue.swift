// SPDX-License-Identifier: Apache-2.0

/// What a reactor is told: which of its operations have completed, and what other threads want called.
///
/// One tasklet, the reactor's, runs what is due, in the order in which it became so, and parks when nothing is. So an
/// outstanding operation costs a node and no tasklet, and a batch of completions costs one wake-up.
///
/// The races, from both sides; on an ordered scheduler there are none, because everything happens in its order. The
/// reactor's tasklet looks for something due, and marks itself as parked, in one hold of the scheduler's lock; a
/// completion is appended, and the mark looked at, in one hold of it, too. So either the tasklet finds the
/// completion, or the completion finds the mark. Something else may make the tasklet runnable, or it may wait for
/// something else in a callback: its state then is not `paused`, and nothing is done, for it looks again before it
/// parks.
///
/// The tasklet's wait counts as nothing that can end by itself. Outstanding operations do count: a reactor without
/// any keeps neither a run from ending nor a deadlock from being found. A call from another thread can only be
/// awaited by what counts, such as a ``OneShot``.
package final class CompletionQueue: @unchecked Sendable {
    // SAFETY: everything that changes is touched with the scheduler's lock held, in the scheduler's order.
    let core: SchedulerCore
    private var outstanding = OutstandingList()
    private var due = WaitQueue()
    private var dueCount = 0
    /// The reactor's tasklet, from `open` to `close`.
    private var reactor: NodePointer?
    /// Whether the tasklet waits for something to become due.
    private var isParked = false
    /// What operations fail with that begin after the end.
    private var end: (any Error)?

    /// What is to be called when an operation has ended, with its result, which is not negative.
    ///
    /// Of the errors that it throws, ``TaskletExit`` ends the reactor, and all others are reported as uncaught.
    package typealias Finish = @Sendable (Result<Int, any Error>) throws -> Void

    var state: StatePointer { core.state }

    /// Makes the queue of a reactor that the calling tasklet's scheduler is to run.
    ///
    /// Traps outside any tasklet.
    ///
    /// - Throws: ``SchedulerError`` with code `unsupported` where every wait is one of a thread, or none in synchronous
    ///   code may be.
    package init() throws {
        core = Tasklet.callingNode.pointee.owner.pointee.core
        guard core.switching != .kernel else {
            throw SchedulerError(
                .unsupported,
                "this scheduler has no reactor: each of its tasklets waits on a thread of its own, and operations without "
                    + "a tasklet have no thread"
            )
        }
        let isOnPool = core.state.pointee.concurrent?._withUnsafeGuaranteedRef { $0.isOnPool } ?? false
        guard !isOnPool else {
            throw SchedulerError(
                .unsupported,
                "this scheduler has no reactor: callbacks are synchronous code, in which its tasklets do not wait"
            )
        }
    }

    // MARK: Operations

    /// Begins an operation on a stream.
    ///
    /// From a tasklet of the scheduler, at home. The buffer stays valid until `finish` is called, which is never
    /// before this returns.
    ///
    /// - Throws: what the queue was failed with.
    package func begin(
        _ operation: Operation,
        on stream: TCPStream,
        _ buffer: UnsafeMutableRawBufferPointer,
        until deadline: Deadline,
        _ finish: @escaping Finish
    ) throws {
        try checkMayBegin()
        _ = try stream.caller()
        let entry = make(on: stream, until: deadline, finish)
        entry.node.prepare(operation, buffer)
        attempt(entry)
    }

    /// Begins to wait for an instant.
    ///
    /// From a tasklet of the scheduler, at home.
    ///
    /// - Throws: what the queue was failed with.
    package func beginTimer(until deadline: Deadline, _ finish: @escaping Finish) throws {
        try checkMayBegin()
        let timer = make(on: nil, until: deadline, finish)
        state.withLock { if deadline.isToCome { wait(timer) } else { append(timer.node) } }
    }

    /// Throws where no operation may begin here, or not any more.
    func checkMayBegin() throws {
        guard SchedulerCore.currentNode()?.pointee.owner == state else {
            throw SchedulerError(
                .wrongScheduler,
                "the reactor was used outside the tasklets of its scheduler; another thread, or an actor, leaves that to its "
                    + "call"
            )
        }
        if let end = state.withLock({ end }) { throw end }
    }

    /// Has something called; from any thread.
    ///
    /// Not called, and dropped, where the reactor has ended by then.
    package func post(_ call: @escaping @Sendable () throws -> Void) {
        core.runner.perform { [self] in
            guard end == nil else { return }
            append(make(on: nil, until: .never) { _ in try call() }.node)
        }
    }

    /// Makes an operation, which is in no queue yet.
    func make(
        on stream: TCPStream?,
        until deadline: Deadline,
        _ finish: @escaping Finish
    ) -> UnsafeMutablePointer<OutstandingOperation> {
        .make(for: self, of: state, on: stream, until: deadline, finish)
    }

    /// Attempts the operation: it is due now, or waits.
    private func attempt(_ operation: UnsafeMutablePointer<OutstandingOperation>) {
        let node = operation.node
        let isComplete = node.endpoint?.attempt(node) ?? true
        state.withLock {
            node.pointee.isOperationComplete = isComplete
            node.pointee.hasTimedOut = !isComplete && !operation.pointee.deadline.isToCome
            if isComplete || node.pointee.hasTimedOut { append(node) } else { wait(operation) }
        }
    }

    /// Lets the operation wait, or fail where the queue has been failed meanwhile.
    ///
    /// With the lock held.
    func wait(_ operation: UnsafeMutablePointer<OutstandingOperation>) {
        let node = operation.node
        guard end == nil else { return fail(operation) }
        node.pointee.state = .outstanding
        outstanding.append(node)
        state.pointee.waits.operations += 1
        if operation.pointee.deadline != .never {
            node.setDeadline(operation.pointee.deadline)
            node.arm()
        }
        node.endpoint?.park(node)
    }

    private func fail(_ operation: UnsafeMutablePointer<OutstandingOperation>) {
        operation.pointee.failure = end
        append(operation.node)
    }

    // MARK: Completions

    /// An outstanding operation has completed, or its deadline has come.
    ///
    /// With the lock held, by what has ended its wait.
    func becomeDue(_ node: NodePointer) {
        outstanding.remove(node)
        append(node)
    }

    /// With the lock held.
    private func append(_ node: NodePointer) {
        node.pointee.state = .ready
        due.append(node)
        dueCount += 1
        wakeReactor()
    }

    private func wakeReactor() {
        guard isParked, let reactor, reactor.pointee.state == .paused else { return }
        isParked = false
        state.makeReady(reactor)
    }

    /// Whether something is due.
    package var isDue: Bool { state.withLock { !due.isEmpty } }

    /// Calls what is due by now, one after the other; what becomes due meanwhile is for the next time.
    ///
    /// By the reactor's tasklet.
    ///
    /// - Throws: ``TaskletExit`` where a callback has thrown it; the rest stays due.
    package func runDue() throws {
        for _ in 0..<state.withLock({ dueCount }) {
            guard let operation = popDue() else { return }
            if operation.isToBeAttempted { attempt(operation) } else { try call(operation) }
        }
    }

    private func popDue() -> UnsafeMutablePointer<OutstandingOperation>? {
        state.withLock {
            guard let node = due.popFirst() else { return nil }
            dueCount -= 1
            // A thread that is late with its completion must not find what is about to be freed.
            node.outstandingOperation.pointee.outside?.operation = nil
            return node.outstandingOperation
        }
    }

    private func call(_ operation: UnsafeMutablePointer<OutstandingOperation>) throws {
        let (finish, outcome) = operation.end()
        do { try finish(outcome) } catch let exit as TaskletExit { throw exit } catch { Tasklet.reportUncaught(error) }
    }

    // MARK: The reactor's tasklet

    /// The calling tasklet is the reactor's from now on.
    package func open() {
        let me = Tasklet.callingNode
        state.withLock {
            reactor = me
            state.pointee.roster.reactors.append(me)
        }
    }

    /// Parks the reactor's tasklet until something is due, or it has been closed.
    ///
    /// May return early.
    ///
    /// - Throws: what was thrown into the tasklet.
    package func park() async throws {
        guard let me = SchedulerCore.currentNode(), let plan = try planPark(me) else { return }
        await me.perform(plan)
        state.withLock { isParked = false }
        if me.pointee.isInterrupted { throw me.takeInterruption() }
    }

    private func planPark(_ me: NodePointer) throws -> SwitchPlan? {
        state.pointee.lock.lock()
        guard due.isEmpty, end == nil else {
            state.pointee.lock.unlock()
            return nil
        }
        try state.unlockingOnError { try me.checkMayLeave() }
        isParked = true
        state.leaveRunQueue(me)
        me.pointee.state = .paused
        return state.planSwitch(from: me, .io, .async)
    }

    /// Fails what is outstanding, and what begins from now on, with that error; the first call counts.
    ///
    /// From any thread. What has failed is due, for the reactor's tasklet to call.
    package func fail(with error: any Error) {
        core.runner.perform { [self] in
            guard end == nil else { return }
            end = error
            while let node = outstanding.first {
                outstanding.remove(node)
                node.detach()
                fail(node.outstandingOperation)
            }
            wakeReactor()
        }
    }

    /// Whether it has been failed.
    package var isFailed: Bool { state.withLock { end != nil } }

    /// The reactor's tasklet, which calls it, is about to end.
    package func close() {
        state.withLock {
            state.pointee.roster.reactors.removeAll { $0 == reactor }
            reactor = nil
            isParked = false
        }
    }
}

extension Tasklet {
    /// Whether the calling tasklet is a reactor's, and so runs its callbacks.
    package static var isReactor: Bool {
        let me = callingNode
        let state = me.pointee.owner
        return state.withLock { state.pointee.roster.reactors.contains(me) }
    }
}
