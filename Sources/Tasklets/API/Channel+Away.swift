// SPDX-License-Identifier: Apache-2.0

/// The operations of callers that are not at home: see ``SchedulerCore/atHome(_:_:)``.
///
/// Apart from the operations, whose frames are part of their callers' frames.
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

    @usableFromInline func sendAway(_ element: Element) throws {
        try SchedulerCore.adoptingCaller(state.label) { try send(element) }
    }

    @usableFromInline func receiveAway() throws -> Element {
        try SchedulerCore.adoptingCaller(state.label) { try receive() }
    }
}
