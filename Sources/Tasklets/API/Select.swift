// SPDX-License-Identifier: Apache-2.0

/// One of the things that ``Tasklet/select(_:until:)`` may do: a send or a receive on a channel, and what then follows.
public struct SelectCase<Result: Sendable>: Sendable {
    // SAFETY: `owner` keeps the channel, and its state, alive.
    nonisolated(unsafe) let channel: ChannelPointer
    let owner: any Sendable
    let direction: Direction
    /// Acts at once, where a partner or the buffer is there, or the channel is closed.
    ///
    /// What is received is in the tasklet's hand then.
    let act: @Sendable (NodePointer, Manner) throws -> Departure
    /// Puts what is to be sent into a proxy's hand.
    let offer: @Sendable (NodePointer) -> Void
    /// Empties a hand of what has been received, or of what was to be sent and has not been.
    let collect: @Sendable (NodePointer) throws -> Outcome

    /// What remains to be done when a case has been chosen.
    typealias Outcome = @Sendable () async throws -> Result
}

extension Channel {
    /// Receives, and does something with the value.
    public func onReceive<Result: Sendable>(
        _ body: @escaping @Sendable (Element) async throws -> Result
    ) -> SelectCase<Result> {
        SelectCase(
            channel: state,
            owner: self,
            direction: .receive,
            act: { [self] in try receiveAtOnce($0, $1) },
            offer: { _ in },
            collect: { hand in
                let element = try hand.take(as: Element.self)
                return { try await body(element) }
            }
        )
    }

    /// Receives.
    public func onReceive() -> SelectCase<Element> { onReceive { $0 } }

    /// Sends a value, and then does something.
    public func onSend<Result: Sendable>(
        _ element: Element,
        _ body: @escaping @Sendable () async throws -> Result
    ) -> SelectCase<Result> {
        SelectCase(
            channel: state,
            owner: self,
            direction: .send,
            act: { [self] in try sendAtOnce(element, $0, $1) },
            offer: { $0.put(element) },
            collect: { hand in
                if hand.pointee.holds != .nothing { _ = try hand.take(as: Element.self) }
                return body
            }
        )
    }

    private func receiveAtOnce(_ me: NodePointer, _ manner: Manner) throws -> Departure {
        if state.pointee.bufferedCount > 0 {
            me.put(result: takeFromBuffer(me))
            return Departure(.stay)
        }
        guard let partner = state.pointee.senders.first else { throw state.closedError(.receive) }
        let departure = state.takeSender(for: me, manner)
        me.put(result: partner.takeResult(as: Element.self))
        return departure
    }

    private func sendAtOnce(_ element: Element, _ me: NodePointer, _ manner: Manner) throws -> Departure {
        if let partner = state.pointee.receivers.first {
            let departure = state.takeReceiver(for: me, manner)
            partner.put(element)
            return departure
        }
        guard state.pointee.room > 0 else { throw state.closedError(.send) }
        putIntoBuffer(.success(element), me)
        return Departure(.stay)
    }
}

extension Tasklet {
    /// Does one of several sends and receives: one that need not wait, or else the first that can be done.
    ///
    /// Of several that need not wait, one is chosen by lot, as in Go; the lots are the same in every run of the same
    /// program on an ordered scheduler. A case on a closed channel that would have to wait is one that need not, and
    /// throws. What the chosen case was given to do is done before this returns.
    ///
    ///     let line = try await Tasklet.select(
    ///         numbers.onReceive { "got \($0)" },
    ///         quit.onReceive { _ in "quit" },
    ///         until: .now + .seconds(1)
    ///     )
    ///
    /// Traps outside any tasklet. Go's `select`; a deadline that has passed is its `default`.
    ///
    /// - Returns: what the chosen case returned; nil when none could be done by the deadline.
    /// - Throws: ``SchedulerError``; the error that was received; what the chosen case threw; or what was thrown into
    ///   the tasklet while it waited.
    public static func select<Result: Sendable>(
        _ cases: SelectCase<Result>...,
        until deadline: ContinuousClock.Instant
    ) async throws -> Result? {
        try await select(cases, until: Deadline(deadline), Manner(isolation: #isolation))?()
    }

    /// The same without a deadline.
    public static func select<Result: Sendable>(_ cases: SelectCase<Result>...) async throws -> Result {
        guard let outcome = try await select(cases, until: .never, Manner(isolation: #isolation)) else {
            preconditionFailure("nothing but a case ends this")
        }
        return try await outcome()
    }

    /// The same for cases that are counted at run time only; nil is no deadline.
    public static func select<Result: Sendable>(
        _ cases: [SelectCase<Result>],
        until deadline: ContinuousClock.Instant?
    ) async throws -> Result? {
        try await select(cases, until: deadline.map { Deadline($0) } ?? .never, Manner(isolation: #isolation))?()
    }

    private static func select<Result>(
        _ cases: [SelectCase<Result>],
        until deadline: Deadline,
        _ manner: Manner
    ) async throws -> SelectCase<Result>.Outcome? {
        let me = currentNode
        if let chosen = try me.enterSelect(cases) {
            await me.leave(try me.pointee.owner.unlockingOnError { try chosen.act(me, manner) })
            if me.pointee.isInterrupted {
                _ = try? chosen.collect(me)
                throw me.takeInterruption()
            }
            return try chosen.collect(me)
        }
        guard let departure = try me.waitForCases(cases, until: deadline, manner) else { return nil }
        await me.leave(departure)
        return try me.endSelect(cases)
    }
}
