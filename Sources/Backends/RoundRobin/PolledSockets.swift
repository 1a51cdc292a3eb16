// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import SchedulerSupport
internal import Tasklets

/// The sockets at which tasklets wait, polled all together: Stackless's classic socket manager.
///
/// The kernel is handed the whole list each time, and looks at every descriptor in it. That is simple, needs no
/// registration, and costs more the more wait.
final class PolledSockets: Poller, @unchecked Sendable {
    // SAFETY: touched on the loop's thread, or while that does not run.
    /// What is waited for; the first is the wake-up's.
    private var list: [linux_poll]
    /// Whose descriptors they are, one less.
    private var endpoints: [SocketEndpoint] = []
    /// Those that the last poll has found ready; empty, but for its memory, in between.
    private var ready: [(SocketEndpoint, Int16)] = []
    private var polls: UInt64 = 0
    let calls: SocketCalls

    init(alarm: CInt, _ faults: SocketFaults?) {
        list = [linux_poll(descriptor: alarm, wanted: Int16(linux_readable), events: 0)]
        calls = SocketCalls(faults)
    }

    var isOrdered: Bool { true }

    var areWatched: Bool { !endpoints.isEmpty }

    func watch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) {
        if endpoint.slot < 0 {
            endpoint.slot = endpoints.count
            endpoints.append(endpoint)
            list.append(linux_poll(descriptor: endpoint.number, wanted: 0, events: 0))
        }
        list[endpoint.slot + 1].wanted |= side.bits
    }

    func unwatch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) {
        guard endpoint.slot >= 0 else { return }
        list[endpoint.slot + 1].wanted &= ~side.bits
        if list[endpoint.slot + 1].wanted == 0 { remove(endpoint) }
    }

    func close(_ endpoint: SocketEndpoint, _ descriptor: CInt) {
        if endpoint.slot >= 0 { remove(endpoint) }
        linux_close(descriptor)
    }

    /// The last takes its place.
    private func remove(_ endpoint: SocketEndpoint) {
        let last = endpoints.removeLast()
        let entry = list.removeLast()
        if last !== endpoint {
            endpoints[endpoint.slot] = last
            list[endpoint.slot + 1] = entry
            last.slot = endpoint.slot
        }
        endpoint.slot = -1
    }

    /// Waits until one of them is ready, `limit` nanoseconds at most, for ever where that is negative.
    func poll(for limit: Int64) {
        polls += 1
        var count: CInt = 0
        list.withUnsafeMutableBufferPointer { list in
            guard let first = list.baseAddress else { return }
            Syscall.expect("ppoll") {
                count = linux_poll_all(first, list.count, limit)
                return count
            }
        }
        if count > 0 { passOnAll() }
    }

    private func passOnAll() {
        // The list changes as they are told.
        for (endpoint, entry) in zip(endpoints, list.dropFirst()) where entry.events != 0 {
            ready.append((endpoint, entry.events))
        }
        for (endpoint, events) in ready { passOn(events, to: endpoint) }
        ready.removeAll(keepingCapacity: true)
    }

    private func passOn(_ events: Int16, to endpoint: SocketEndpoint) {
        let hasFailed = events & Int16(linux_failed | linux_hung_up) != 0
        if hasFailed || events & SocketEndpoint.Side.reading.bits != 0 {
            endpoint.becameReady(.reading, isOdd: hasFailed)
        }
        if hasFailed || events & SocketEndpoint.Side.writing.bits != 0 {
            endpoint.becameReady(.writing, isOdd: hasFailed)
        }
    }

    var systemCalls: [String: UInt64] { calls.counts.merging(["ppoll": polls]) { $0 + $1 } }
}

extension SocketEndpoint.Side {
    fileprivate var bits: Int16 { Int16(self == .reading ? linux_readable : linux_writable) }
}
