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
/// Properties that tell its state are to be read by tasklets of its scheduler, or while that does not run.
public final class Tasklet: Sendable, Hashable, CustomStringConvertible {
    // SAFETY: only `init` and `deinit` use this name; all other code uses its address, `node`, as the scheduler orders.
    // It is the first property, and so at a known distance from the object's address: one allocation instead of two,
    // and each of the two addresses gives the other.
    private nonisolated(unsafe) var storage: Node
    // SAFETY: written in init, and read by a profiler's signal handler while the tasklet is alive; see `Labels`.
    private nonisolated(unsafe) var label = Labels.none
    private let identity: TaskletIdentity
    // SAFETY: written in init, taken by the task that runs it; the scheduler orders the two.
    private nonisolated(unsafe) var body: (@Sendable () async throws -> Void)?
    private let core: SchedulerCore

    init(
        owner: StatePointer,
        name: String?,
        site: (file: StaticString, line: UInt),
        body: consuming @escaping @Sendable () async throws -> Void
    ) {
        storage = Node(owner: owner)
        self.body = body
        core = owner.pointee.core
        let line = UInt32(truncatingIfNeeded: site.line)
        let id = owner.pointee.roster.nextID()
        identity = TaskletIdentity(name: name, file: site.file, line: line, id: id)
        if Labels.areOn {
            label = owner.pointee.recentLabels.label(of: name, file: site.file, line: line) { spawnSite }
        }
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
        let creator = Tasklet.currentNode
        let state = creator.pointee.owner
        state.pointee.lock.lock()
        defer { state.pointee.lock.unlock() }
        self.init(owner: state, name: name, site: (file, line), body: body)
        node.pointee.isAtomic = creator.pointee.isAtomic
        _ = node.reference.retain()
        state.pointee.roster.add(node)
    }

    /// The scheduler's state, without going through the node.
    var owner: StatePointer { core.state }

    /// What the scheduler knows of it.
    ///
    /// While the tasklet is alive, its scheduler holds a reference to it.
    var node: NodePointer {
        (Unmanaged.passUnretained(self).toOpaque() + Node.offsetInTasklet).assumingMemoryBound(to: Node.self)
    }

    /// Starts a tasklet: it is runnable at once, after all that are.
    ///
    /// Stackless's `tasklet(f)(...)`.
    ///
    /// It inherits no task-local values, as `Task.detached` does not. Traps when called outside a tasklet.
    ///
    /// - Parameters:
    ///   - name: for reports and profiles; `tasklet-<id>` where nil.
    ///   - file: where the call is, for deadlock reports.
    ///   - line: where the call is, for deadlock reports.
    ///   - body: runs in the tasklet. An error that it throws goes to the main tasklet.
    @discardableResult
    public static func spawn(
        _ name: String? = nil,
        file: StaticString = #fileID,
        line: UInt = #line,
        _ body: consuming @escaping @Sendable () async throws -> Void
    ) -> Tasklet {
        launch(name, (file, line), reportsFailure: false, body).tasklet
    }

    /// Starts a tasklet; where that is impossible, and `reportsFailure`, also returns why.
    @inline(__always)
    static func launch(
        _ name: String?,
        _ site: (file: StaticString, line: UInt),
        reportsFailure: Bool,
        _ body: consuming @escaping @Sendable () async throws -> Void
    ) -> (tasklet: Tasklet, failure: (any Error)?) {
        let creator = currentNode
        let state = creator.pointee.owner
        state.pointee.lock.lock()
        defer { state.pointee.lock.unlock() }
        let tasklet = Tasklet(owner: state, name: name, site: site, body: body)
        tasklet.node.pointee.isAtomic = creator.pointee.isAtomic
        tasklet.node.pointee.reportsStartFailure = reportsFailure
        tasklet.start()
        // The lock is held: no other tasklet can have thrown anything into it.
        return (tasklet, reportsFailure ? tasklet.node.pointee.interruption.take() : nil)
    }

    /// Makes it runnable; from now to its end the scheduler holds a reference to it.
    func start() {
        _ = node.reference.retain()
        node.pointee.owner.insertNew(node)
    }

    /// Traps where a part is not at the offset that other code relies on.
    func checkLayout() {
        precondition(MemoryLayout<Node>.offset(of: \.slot) == 0, "the slot is not first")
        precondition(MemoryLayout<Node>.offset(of: \.context) == Node.contextOffset, "the context is not second")
        precondition(node.pointee.owner == owner, "the node is not at the beginning of its tasklet")
        let address = UnsafeRawPointer(node) + Labels.offset
        precondition(address.load(as: UInt32.self) == label, "the label does not follow the node")
        TaskletIdentity.checkLayout(node, id)
    }

    /// The body, to be run once.
    fileprivate func takeBody() -> (@Sendable () async throws -> Void)? { body.take() }

    /// Counts from 1 within its scheduler; the main tasklet's is the first.
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
    /// The node of the calling tasklet; traps outside any.
    static var currentNode: NodePointer {
        guard let node = SchedulerCore.currentNode() else {
            fatalError("this needs a tasklet to run in: call it from code that a scheduler's run(_:) runs")
        }
        return node
    }

    @usableFromInline static func nodeOfCaller() -> NodePointer { currentNode }

    /// The calling tasklet.
    ///
    /// Traps outside any.
    public static var current: Tasklet {
        currentNode.object
    }

    /// The tasklet that `run` started its scheduler with.
    ///
    /// Traps outside any tasklet, and when main has ended.
    public static var main: Tasklet {
        let state = currentNode.pointee.owner
        guard let tasklet = state.withLock({ state.pointee.roster.main?.object }) else {
            fatalError("the main tasklet has ended")
        }
        return tasklet
    }

    /// The scheduler of the calling tasklet.
    ///
    /// Traps outside any.
    public static var scheduler: any Scheduler { currentNode.pointee.owner.pointee.core }

    /// How many tasklets are runnable, the calling one included.
    ///
    /// Stackless's `getruncount`.
    public static var runCount: Int {
        let state = currentNode.pointee.owner
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
    public var isCurrent: Bool { SchedulerCore.currentNode() == node }

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
        let body = reference._withUnsafeGuaranteedRef { $0.takeBody() }
        let isInterrupted = pointee.owner.withLock { pointee.isInterrupted || pointee.hasPendingInterruption }
        if isInterrupted { throw takeInterruption() }
        guard let body else { preconditionFailure("a tasklet has been started twice") }
        return body
    }
}
