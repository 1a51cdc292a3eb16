// SPDX-License-Identifier: Apache-2.0

extension Tasklet {
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

    /// Starts a tasklet, and throws where that is impossible: where each tasklet has a thread, and none is left for it.
    ///
    /// The body is never called then. Otherwise as ``spawn(_:file:line:_:)``, which throws the failure into the main
    /// tasklet: this one is for callers that can do with fewer tasklets.
    ///
    /// - Throws: ``SchedulerError`` with code `system`.
    @discardableResult
    package static func spawnOrThrow(
        _ name: String? = nil,
        file: StaticString = #fileID,
        line: UInt = #line,
        _ body: consuming @escaping @Sendable () async throws -> Void
    ) throws -> Tasklet {
        let (tasklet, failure) = launch(name, (file, line), reportsFailure: true, body)
        if let failure { throw failure }
        return tasklet
    }

    /// Starts a tasklet; where that is impossible, and `reportsFailure`, also returns why.
    @inline(__always)
    static func launch(
        _ name: String?,
        _ site: (file: StaticString, line: UInt),
        reportsFailure: Bool,
        _ body: consuming @escaping @Sendable () async throws -> Void
    ) -> (tasklet: Tasklet, failure: (any Error)?) {
        guard let creator = SchedulerCore.currentNode() else {
            return launchAway(name, site, reportsFailure: reportsFailure, body)
        }
        return launch(by: creator, name, site, reportsFailure: reportsFailure, body)
    }

    /// In the scheduler's order.
    @inline(__always)
    private static func launch(
        by creator: NodePointer,
        _ name: String?,
        _ site: (file: StaticString, line: UInt),
        reportsFailure: Bool,
        _ body: consuming @escaping @Sendable () async throws -> Void
    ) -> (tasklet: Tasklet, failure: (any Error)?) {
        let state = creator.pointee.owner
        state.pointee.lock.lock()
        defer { state.pointee.lock.unlock() }
        let id = state.pointee.roster.nextID()
        let tasklet = Tasklet(owner: state, isInOrder: true, id: id, name: name, site: site, body: body)
        tasklet.inherit(from: creator, isInOrder: true)
        tasklet.node.pointee.reportsStartFailure = reportsFailure
        tasklet.startUnshared()
        // The lock is held: no other tasklet can have thrown anything into it.
        return (tasklet, reportsFailure ? tasklet.node.pointee.interruption.take() : nil)
    }

    /// The caller is away, or no tasklet.
    ///
    /// On a thread that is not its ordered scheduler's, it leaves the start to that: what it does at home comes after.
    @inline(never)
    private static func launchAway(
        _ name: String?,
        _ site: (file: StaticString, line: UInt),
        reportsFailure: Bool,
        _ body: @escaping @Sendable () async throws -> Void
    ) -> (tasklet: Tasklet, failure: (any Error)?) {
        let creator = callingNode
        let core = creator.pointee.owner.pointee.core
        guard !core.isInOrder else { return launch(by: creator, name, site, reportsFailure: reportsFailure, body) }
        let id = core.orderedLoop.nextIDOfForeignThread()
        let tasklet = Tasklet(owner: core.state, isInOrder: false, id: id, name: name, site: site, body: body)
        tasklet.inherit(from: creator, isInOrder: false)
        tasklet.addSoon { tasklet.start() }
        return (tasklet, nil)
    }
}
