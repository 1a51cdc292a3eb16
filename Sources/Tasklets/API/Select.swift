// SPDX-License-Identifier: Apache-2.0

/// One of the things that `Tasklet.select(_:until:)` may do: a send or a receive on a channel, and what then follows.
public struct SelectCase<Result: Sendable>: Sendable {
    // SAFETY: `owner` keeps the channel, and its state, alive.
    @usableFromInline nonisolated(unsafe) let place: SelectPlace
    @usableFromInline let owner: any AnyObject & Sendable
    /// Plans the operation where a partner or the buffer is there, or the channel is closed.
    ///
    /// What is received is in the tasklet's slot once the plan has been performed. Throws with the lock released.
    @usableFromInline let plan: @Sendable (NodePointer, CallContext) throws -> SwitchPlan
    /// Puts what is to be sent into a proxy's slot; nil for a receive.
    @usableFromInline let fill: (@Sendable (NodePointer) -> Void)?
    /// Empties a slot of what was received, or of what was to be sent and was not.
    @usableFromInline let collect: @Sendable (NodePointer) throws -> Outcome

    /// What remains to be done when a case has been chosen.
    @usableFromInline typealias Outcome = @Sendable () async throws -> Result

    @inlinable init(
        _ place: SelectPlace,
        owner: any AnyObject & Sendable,
        plan: @escaping @Sendable (NodePointer, CallContext) throws -> SwitchPlan,
        fill: (@Sendable (NodePointer) -> Void)? = nil,
        collect: @escaping @Sendable (NodePointer) throws -> Outcome
    ) {
        self.place = place
        self.owner = owner
        self.plan = plan
        self.fill = fill
        self.collect = collect
    }
}

extension Channel {
    /// Receives, and does something with the value.
    @inlinable public func onReceive<Result: Sendable>(
        _ body: @escaping @Sendable (Element) async throws -> Result
    ) -> SelectCase<Result> {
        SelectCase(
            SelectPlace(channel: state, direction: .receive),
            owner: self,
            plan: { [self] in try state.planReceiveAtOnce($0, $1) },
            collect: { holder in
                let element = try holder.take(as: Element.self)
                return { try await body(element) }
            }
        )
    }

    /// Receives.
    @inlinable public func onReceive() -> SelectCase<Element> { onReceive { $0 } }

    /// Sends a value, and then does something.
    @inlinable public func onSend<Result: Sendable>(
        _ element: Element,
        _ body: @escaping @Sendable () async throws -> Result
    ) -> SelectCase<Result> {
        SelectCase(
            SelectPlace(channel: state, direction: .send),
            owner: self,
            plan: { [self] in
                try $0.refuseStackAddresses(in: element)
                let (plan, holder) = try state.planSendAtOnce($0, $1)
                holder.put(element)
                return plan
            },
            fill: { $0.put(element) },
            collect: { holder in
                if holder.pointee.slotContent != .empty { _ = try holder.take(as: Element.self) }
                return body
            }
        )
    }
}

// Always inlined, as the operations of a channel are; see Channel+Away.swift.
extension Tasklet {
    /// Does one of several sends and receives: one that need not wait, or else the first that can be done.
    ///
    /// Of several that need not wait, one is chosen at random, as in Go; the choices are the same in every run of the
    /// same program on an ordered scheduler. A case on a closed channel that would have to wait is one that need not,
    /// and throws. What the chosen case was given to do is done before this returns.
    ///
    ///     let line = try await Tasklet.select(
    ///         numbers.onReceive { "got \($0)" },
    ///         quit.onReceive { _ in "quit" },
    ///         until: .now + .seconds(1)
    ///     )
    ///
    /// Go's `select`; a deadline that has passed is its `default`.
    ///
    /// - Returns: what the chosen case returned; nil when none could be done by the deadline.
    /// - Throws: ``SchedulerError``, also outside any tasklet; the error that was received; what the chosen case threw; or
    ///   what was thrown into the tasklet while it waited.
    @inlinable @inline(__always) public static func select<Result: Sendable>(
        _ cases: SelectCase<Result>...,
        until deadline: ContinuousClock.Instant
    ) async throws -> Result? {
        try await select(cases, until: Deadline(deadline))?()
    }

    /// The same without a deadline.
    @inlinable @inline(__always) public static func select<Result: Sendable>(_ cases: SelectCase<Result>...)
        async throws -> Result
    {
        guard let outcome = try await select(cases, until: .never) else {
            preconditionFailure("nothing but a case ends this")
        }
        return try await outcome()
    }

    /// The same for a number of cases known at run time; nil is no deadline.
    @inlinable @inline(__always) public static func select<Result: Sendable>(
        _ cases: [SelectCase<Result>],
        until deadline: ContinuousClock.Instant?
    ) async throws -> Result? {
        try await select(cases, until: deadline.map { Deadline($0) } ?? .never)?()
    }

    @inlinable @inline(__always) static func select<Result>(
        _ cases: [SelectCase<Result>],
        until deadline: Deadline
    ) async throws -> SelectCase<Result>.Outcome? {
        guard let me = currentNode() else { return try await selectAtHome(cases, until: deadline) }
        if let chosen = try me.enterSelect(cases) {
            await me.perform(try cases[chosen].plan(me, .async))
            if me.pointee.isInterrupted {
                _ = try? cases[chosen].collect(me)
                throw me.takeInterruption()
            }
            return try cases[chosen].collect(me)
        }
        guard let plan = try me.planSelectWait(cases, until: deadline, .async) else { return nil }
        await me.perform(plan)
        return try me.endSelect(cases)
    }

    @usableFromInline static func selectAtHome<Result>(
        _ cases: [SelectCase<Result>],
        until deadline: Deadline
    ) async throws -> SelectCase<Result>.Outcome? {
        try await SchedulerCore.atHome { try await select(cases, until: deadline) }
    }
}
