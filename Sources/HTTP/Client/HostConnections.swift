// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

/// The host and port that a connection leads to.
package struct HostKey: Hashable, Sendable {
    private let host: String
    private let port: Int

    /// The host and port of a URL.
    package init(_ url: PageURL) {
        host = url.host.lowercased()
        port = url.port
    }
}

/// An unused connection that can be reused.
struct IdleConnection {
    var connection: HTTPConnection
    var host: HostKey
    var since: ContinuousClock.Instant
}

/// The connections to one host.
///
/// Invariant: `open <= limit`. Every open connection is idle or belongs to a slot that has been acquired, and the
/// owner of a slot without a connection finds an idle one or room for a new one.
struct HostConnections {
    /// A tasklet that waits for a slot.
    struct Waiter {
        let slot: OneShot<Bool>
        fileprivate let ticket: TicketQueue<OneShot<Bool>>.Ticket
    }

    /// Where the pool keeps the idle connections to this host; the most recently used one is last.
    var idle = TicketQueue<TicketQueue<IdleConnection>.Ticket>()
    /// The number of connections: idle, in use, and about to be opened.
    var open = 0
    /// The number of acquired slots.
    private var acquired = 0
    /// The waiters, in order of arrival.
    ///
    /// Empty while slots are free.
    private var waiting = TicketQueue<OneShot<Bool>>()

    /// Whether there are no connections, no acquired slots and no waiters.
    var isUnused: Bool { open == 0 && acquired == 0 }

    /// How many waiters and connections have been looked at so far.
    var steps: Int { idle.steps + waiting.steps }

    /// Acquires a slot and returns nil, or returns the waiter to park on.
    mutating func acquire(_ limit: Int) -> Waiter? {
        guard acquired >= limit else {
            acquired += 1
            return nil
        }
        let slot = OneShot<Bool>()
        return Waiter(slot: slot, ticket: waiting.append(slot))
    }

    /// Removes a waiter.
    ///
    /// If it has just inherited a slot, the slot passes on, to the waiter that is returned.
    mutating func cancel(_ waiter: Waiter) -> OneShot<Bool>? {
        waiting.remove(waiter.ticket) == nil ? passSlot() : nil
    }

    /// Releases a slot.
    ///
    /// Returns the waiter that inherits it.
    mutating func passSlot() -> OneShot<Bool>? {
        if let waiter = waiting.popFirst() { return waiter }
        acquired -= 1
        return nil
    }
}
