// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport

/// A channel of any element type: puppets know values only by their numbers.
protocol ChannelPort: Sendable {
    func send(_ object: Tracked) async throws
    func sendSynchronously(_ object: Tracked) throws
    func send(_ object: Tracked, until deadline: ContinuousClock.Instant) async throws -> Bool
    func fail(_ object: Tracked) async throws
    func receive() async throws -> Int
    func receiveSynchronously() throws -> Int
    func receive(until deadline: ContinuousClock.Instant) async throws -> Int?
    func onSend(_ object: Tracked) -> SelectCase<Int?>
    func onReceive() -> SelectCase<Int?>

    var balance: Int { get }
    var firstBlocked: Tasklet? { get }
    var bufferedCount: Int { get }
    /// The waiters, senders first, each side in arrival order; nil where a tasklet waits by proxy.
    var waiting: [Tasklet?] { get }
}

/// An element that carries a counted object, in one word or in more than a slot holds.
protocol Parcel: Sendable {
    init(_ object: Tracked)
    var object: Tracked { get }
}

struct LightParcel: Parcel {
    var object: Tracked

    init(_ object: Tracked) { self.object = object }
}

struct BulkyParcel: Parcel {
    var object: Tracked
    var filling = (0, 0, 0, 0)

    init(_ object: Tracked) { self.object = object }
}

/// An error that carries a counted object.
struct TrackedFailure: Error {
    var object: Tracked
}

struct Port<Element: Parcel>: ChannelPort {
    let channel: Channel<Element>

    init(capacity: Int, preference: Preference, schedulesAll: Bool) {
        channel = Channel(capacity: capacity)
        channel.preference = preference
        channel.schedulesAll = schedulesAll
    }

    func send(_ object: Tracked) async throws { try await channel.send(Element(object)) }

    func sendSynchronously(_ object: Tracked) throws { try channel.send(Element(object)) }

    func send(_ object: Tracked, until deadline: ContinuousClock.Instant) async throws -> Bool {
        try await channel.send(Element(object), until: deadline)
    }

    func fail(_ object: Tracked) async throws { try await channel.send(throwing: TrackedFailure(object: object)) }

    func receive() async throws -> Int { try await channel.receive().object.number }

    func receiveSynchronously() throws -> Int { try channel.receive().object.number }

    func receive(until deadline: ContinuousClock.Instant) async throws -> Int? {
        try await channel.receive(until: deadline)?.object.number
    }

    func onSend(_ object: Tracked) -> SelectCase<Int?> { channel.onSend(Element(object)) { nil } }

    func onReceive() -> SelectCase<Int?> { channel.onReceive { $0.object.number } }

    var balance: Int { channel.balance }
    var firstBlocked: Tasklet? { channel.firstBlocked }
    var bufferedCount: Int { channel.bufferedCount }

    var waiting: [Tasklet?] {
        // SAFETY: called while no other tasklet runs, so the queues do not change.
        tasklets(from: channel.state.pointee.senders.first) + tasklets(from: channel.state.pointee.receivers.first)
    }

    private func tasklets(from first: NodePointer?) -> [Tasklet?] {
        var tasklets: [Tasklet?] = []
        var next = first
        // A broken queue may be circular.
        while let node = next, tasklets.count < 10 {
            tasklets.append(node.pointee.state == .proxy ? nil : node.object)
            next = node.pointee.next
        }
        return tasklets
    }
}
