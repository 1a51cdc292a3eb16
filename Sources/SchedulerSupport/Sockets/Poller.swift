// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization
package import Tasklets

/// What tells a backend's sockets when they are worth another attempt.
///
/// All but `calls` in the scheduler's order, or with its lock held.
package protocol Poller: AnyObject, Sendable {
    var core: SchedulerCore { get }

    /// Whether one tasklet runs at a time: then sockets may note what they know of the kernel's side.
    var isOrdered: Bool { get }

    /// Has ``SocketEndpoint/becameReady(_:hasHungUp:)`` called when the side is worth an attempt, at least once from now
    /// on.
    ///
    /// Throws ``SchedulerError`` with code `system`.
    func watch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) throws

    /// Nobody waits on that side any more.
    func unwatch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side)

    /// Forgets the endpoint, and closes its descriptor.
    func close(_ endpoint: SocketEndpoint, _ descriptor: CInt)

    /// The system calls that sockets make.
    var calls: SocketCalls { get }
}

/// Counts the system calls on sockets, by name.
package final class SocketCalls: Sendable {
    package enum Name: Int, CaseIterable {
        case receive, send, accept, connect

        fileprivate var text: String {
            switch self {
            case .receive: "recv"
            case .send: "send"
            case .accept: "accept4"
            case .connect: "connect"
            }
        }
    }

    private let receives = Atomic<UInt64>(0)
    private let sends = Atomic<UInt64>(0)
    private let accepts = Atomic<UInt64>(0)
    private let connects = Atomic<UInt64>(0)

    package init() {}

    /// Makes a call, again when a signal has interrupted it.
    ///
    /// Returns its result, or the negated errno.
    package func repeating(_ name: Name, _ call: () -> Int64) -> Int64 {
        while true {
            count(name)
            let result = call()
            if result != -Int64(EINTR) { return result }
        }
    }

    private func count(_ name: Name) {
        switch name {
        case .receive: receives.add(1, ordering: .relaxed)
        case .send: sends.add(1, ordering: .relaxed)
        case .accept: accepts.add(1, ordering: .relaxed)
        case .connect: connects.add(1, ordering: .relaxed)
        }
    }

    package var counts: [String: UInt64] {
        [
            Name.receive.text: receives.load(ordering: .relaxed), Name.send.text: sends.load(ordering: .relaxed),
            Name.accept.text: accepts.load(ordering: .relaxed), Name.connect.text: connects.load(ordering: .relaxed),
        ].filter { $0.value > 0 }
    }
}
