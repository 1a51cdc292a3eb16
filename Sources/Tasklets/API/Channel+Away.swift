// SPDX-License-Identifier: Apache-2.0

/// The operations of callers that are not at home: see ``SchedulerCore/atHome(_:_:)``.
///
/// Apart from the operations, whose frames are part of their callers' frames. The operations are always inlined, and
/// not only where the optimizer chooses to: in a copy that it specializes of an async function, the caller's actor is
/// forgotten (Swift 6.3), and the tasklet would not come back to it.
extension Channel {
    @usableFromInline func sendAtHome(_ element: Element) async throws {
        try await SchedulerCore.atHome(state.label) { try await self.send(element) }
    }

    @usableFromInline func sendAtHome(_ element: Element, until deadline: ContinuousClock.Instant) async throws -> Bool
    {
        try await SchedulerCore.atHome(state.label) { try await self.send(element, until: deadline) }
    }

    func sendAtHome(throwing error: any Error) async throws {
        try await SchedulerCore.atHome(state.label) { try await self.send(throwing: error) }
    }

    @usableFromInline func receiveAtHome() async throws -> Element {
        try await SchedulerCore.atHome(state.label) { try await self.receive() }
    }

    @usableFromInline func receiveAtHome(until deadline: ContinuousClock.Instant) async throws -> Element? {
        try await SchedulerCore.atHome(state.label) { try await self.receive(until: deadline) }
    }

    func receiveUnlessClosedAtHome() async throws -> Element? {
        try await SchedulerCore.atHome(state.label) { try await self.receiveUnlessClosed() }
    }

    @usableFromInline func sendAway(_ element: Element) throws {
        try SchedulerCore.adoptingCaller(state.label) { try send(element) }
    }

    @usableFromInline func receiveAway() throws -> Element {
        try SchedulerCore.adoptingCaller(state.label) { try receive() }
    }
}
