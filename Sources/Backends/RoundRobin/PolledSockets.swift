// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import SchedulerSupport
internal import Tasklets

/// The sockets at which tasklets wait, all in one ppoll(2): Stackless's classic socket manager.
///
/// The kernel gets the whole list each time, and looks at every descriptor in it. That is simple and needs no
/// registration, and its cost grows with the number of waiting sockets.
final class PolledSockets: Poller, @unchecked Sendable {
    // SAFETY: touched on the loop's thread, or while that does not run.
    /// What is waited for; the first entry is the wake-up's.
    private var list: [linux_poll]
    /// The endpoints of all entries but the first.
    private var endpoints: [SocketEndpoint] = []
    /// The endpoints that a poll has found ready; emptied after each, for its memory to be reused.
    private var ready: [(SocketEndpoint, Int16)] = []
    private var polls: UInt64 = 0
    let calls: SocketCalls

    init(wakeUp: CInt, _ faults: SocketFaults?) {
        list = [linux_poll(descriptor: wakeUp, wanted: Int16(linux_readable), events: 0)]
        calls = SocketCalls(faults)
    }

    var remembersReadiness: Bool { true }

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

    /// Waits until one of them is ready, `timeout` nanoseconds at most, for ever where that is negative.
    func poll(timeout: Int64) {
        polls += 1
        let count = Syscall.expect("ppoll") { linux_poll_all(&list, list.count, timeout) }
        if count > 0 { dispatchEvents() }
    }

    private func dispatchEvents() {
        // The list changes as endpoints are told.
        for (endpoint, entry) in zip(endpoints, list.dropFirst()) where entry.events != 0 {
            ready.append((endpoint, entry.events))
        }
        for (endpoint, events) in ready { dispatch(events, to: endpoint) }
        ready.removeAll(keepingCapacity: true)
    }

    private func dispatch(_ events: Int16, to endpoint: SocketEndpoint) {
        let hasFailed = events & Int16(linux_failed | linux_hung_up) != 0
        if hasFailed || events & SocketEndpoint.Side.reading.bits != 0 {
            endpoint.becameReady(.reading, isExceptional: hasFailed)
        }
        if hasFailed || events & SocketEndpoint.Side.writing.bits != 0 {
            endpoint.becameReady(.writing, isExceptional: hasFailed)
        }
    }

    var systemCalls: [String: UInt64] { calls.counts.merging(["ppoll": polls]) { $0 + $1 } }
}

extension SocketEndpoint.Side {
    fileprivate var bits: Int16 { Int16(self == .reading ? linux_readable : linux_writable) }
}
