// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// A body of code that takes turns with others: the unit that schedulers schedule.
///
/// Stackless's `tasklet`.
///
/// Its body is an ordinary asynchronous closure. It runs until it waits, or calls ``schedule()``; nothing preempts it.
/// It can use task groups, actors and other tasks; child tasks that run on its behalf are no tasklets, and may not use
/// channels.
///
/// In an actor that other tasks use at the same time, or that has an executor of its own, such as `MainActor`, a
/// tasklet may run on another thread than its scheduler's. Asynchronous operations move it back while they last, and
/// the actor is free meanwhile, as at every `await`; it may spawn tasklets there. Waiting in synchronous code,
/// ``insert()`` and ``remove()`` are refused on such a thread.
///
/// Properties that tell its state are to be read by tasklets of its scheduler, or while that does not run; in such an
/// actor they may be out of date.
public final class Tasklet: Sendable, Hashable, CustomStringConvertible {
    /// What the scheduler knows of it: the beginning of its ``TaskletRecord``.
    ///
    /// While the tasklet is alive, its scheduler holds a reference to it.
    // SAFETY: what it points to is used as the scheduler orders.
    nonisolated(unsafe) let node: NodePointer

    /// - Parameter isInOrder: as of ``UnsafeMutablePointer/takeCoreReference(isInOrder:)``.
    init(
        owner: StatePointer,
        isInOrder: Bool,
        id: UInt64,
        name: String?,
        site: (file: StaticString, line: UInt),
        body: consuming @escaping @Sendable () async throws -> Void
    ) {
        let identity = TaskletIdentity(name: name, file: site.file, line: UInt32(truncatingIfNeeded: site.line), id: id)
        node = owner.makeRecord(isInOrder: isInOrder, identity, body)
        owner.takeCoreReference(isInOrder: isInOrder)
        node.pointee.tasklet = Unmanaged.passUnretained(self)
    }

    deinit {
        let owner = node.pointee.owner
        owner.freeRecord(node)
        owner.returnCoreReference()
    }

    /// Makes a paused tasklet, which runs once another tasklet inserts it or switches to it.
    ///
    /// Stackless's `tasklet(f).bind(...)`. The scheduler keeps it until it has ended, and kills it at the end of `run`
    /// where it has not. Otherwise as ``spawn(_:file:line:_:)``.
    public convenience init(
        _ name: String? = nil,
        file: StaticString = #fileID,
        line: UInt = #line,
        _ body: consuming @escaping @Sendable () async throws -> Void
    ) {
        let creator = Tasklet.callingNode
        let core = creator.pointee.owner.pointee.core
        let isInOrder = core.isInOrder
        if isInOrder { core.state.pointee.lock.lock() }
        let id = isInOrder ? core.state.pointee.roster.nextID() : core.orderedLoop.nextIDOfForeignThread()
        self.init(owner: core.state, isInOrder: isInOrder, id: id, name: name, site: (file, line), body: body)
        inherit(from: creator, isInOrder: isInOrder)
        _ = node.reference.retain()
        if isInOrder {
            core.state.pointee.roster.add(node)
            core.state.pointee.lock.unlock()
        } else {
            addSoon { [self] in owner.pointee.roster.add(node) }
        }
    }

    /// Has the scheduler, whose thread is another one, add the tasklet by `add`.
    func addSoon(_ add: @escaping @Sendable () -> Void) {
        node.pointee.isYetToBeAdded = true
        owner.runner.perform { [self] in
            node.pointee.isYetToBeAdded = false
            add()
        }
    }

    /// What a new tasklet has from the one that makes it, which is the calling one; and its label.
    ///
    /// - Parameter isInOrder: as ``SchedulerCore/isInOrder``.
    @inline(__always) func inherit(from creator: NodePointer, isInOrder: Bool) {
        node.pointee.isAtomic = creator.pointee.isAtomic
        if Labels.areOn { setLabel(isInOrder: isInOrder) }
    }

    /// Labels a new tasklet, for profiles.
    @inline(never) func setLabel(isInOrder: Bool) {
        let identity = identity
        node.record.pointee.label =
            isInOrder
            ? owner.pointee.recentLabels.label(of: identity.name, file: identity.file, line: identity.line) {
                spawnSite
            }
            : Labels.label(of: identity.name ?? spawnSite)
    }

    /// The scheduler's state.
    var owner: StatePointer { node.pointee.owner }

    private var identity: TaskletIdentity { node.record.pointee.identity }

    /// Makes it runnable; from now to its end the scheduler holds a reference to it.
    func start() {
        _ = node.reference.retain()
        node.pointee.owner.insertNew(node)
    }

    /// The same, where nothing but the caller knows the tasklet yet.
    @inline(__always) func startUnshared() {
        sw_retain_unshared(Unmanaged.passUnretained(self).toOpaque())
        node.pointee.owner.insertNew(node)
    }

    /// Counts from 1 within its scheduler; the main tasklet's is the first.
    ///
    /// Tasklets that are made in an actor on another thread than their ordered scheduler's count from 2 to the power of
    /// 48 instead.
    public var id: UInt64 { identity.id }

    /// The name that it was spawned with, or one made of its number.
    public var name: String { identity.name ?? "tasklet-\(id)" }

    /// `file:line` of its `spawn`.
    var spawnSite: String { identity.line == 0 ? "\(identity.file)" : "\(identity.file):\(identity.line)" }

    /// The name with the number, or the number alone where there is no name.
    public var description: String { identity.name.map { "tasklet '\($0)' (\(id))" } ?? "tasklet \(id)" }

    /// Identity.
    public static func == (left: Tasklet, right: Tasklet) -> Bool { left === right }

    /// Identity.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension Tasklet {
    /// The node of the calling tasklet, at home or away; traps outside any.
    static var callingNode: NodePointer {
        guard let node = SchedulerCore.callingNode() else {
            fatalError("this needs a tasklet to run in: call it from code that a scheduler's run(_:) runs")
        }
        return node
    }

    /// The calling tasklet's node, where it is at home.
    @inlinable @inline(__always) static func currentNode() -> NodePointer? { SchedulerCore.currentNode() }

    /// The calling tasklet.
    ///
    /// Traps outside any.
    public static var current: Tasklet {
        callingNode.object
    }

    /// The tasklet that `run` started its scheduler with.
    ///
    /// Traps outside any tasklet, and when main has ended.
    public static var main: Tasklet {
        let core = callingNode.pointee.owner.pointee.core
        guard let tasklet = core.mainOfRun.withLock({ $0 }), tasklet.isAlive else {
            fatalError("the main tasklet has ended")
        }
        return tasklet
    }

    /// The scheduler of the calling tasklet.
    ///
    /// Traps outside any.
    public static var scheduler: any Scheduler { callingNode.pointee.owner.pointee.core }

    /// How many tasklets are runnable, the calling one included unless it runs in an actor.
    ///
    /// Stackless's `getruncount`.
    public static var runCount: Int {
        let state = callingNode.pointee.owner
        return state.withLock { state.runnableCount }
    }

    /// Not ended yet.
    ///
    /// A paused tasklet is alive, even before it has started.
    public var isAlive: Bool { state != .ended }

    /// Runs, or waits for nothing but its turn.
    public var isRunnable: Bool { state == .ready || state == .running || state == .deferring }

    /// Waits on a channel, or on several, or for a one-shot value; not for a deadline, or another tasklet's end.
    public var isBlocked: Bool { state == .blocked || state == .selecting || state == .awaiting }

    /// Alive, but neither runnable nor waiting for anything: not inserted yet, removed, or in ``runAll(budget:)``.
    public var isPaused: Bool { state == .paused }

    /// Is the calling tasklet.
    public var isCurrent: Bool { SchedulerCore.callingNode() == node }

    /// Is the main tasklet of its scheduler.
    public var isMain: Bool { owner.withLock { owner.pointee.roster.main == node } }

    private var state: TaskletState { owner.withLock { node.pointee.state } }
}

extension UnsafeMutablePointer<Node> {
    /// The body, to be run once.
    ///
    /// Throws what is to be thrown into the tasklet, which then never starts.
    func takeBody() throws -> @Sendable () async throws -> Void {
        // Taken in any case: a tasklet that never starts drops it, too.
        let body = record.pointee.body.take()
        if takesInterruption { throw takeInterruption() }
        guard let body else { preconditionFailure("a tasklet has been started twice") }
        return body.closure
    }

    /// Whether an error is to be thrown into the tasklet, which is about to start.
    @inline(__always) var takesInterruption: Bool {
        pointee.owner.withLock { pointee.isInterrupted || pointee.hasPendingInterruption }
    }
}
