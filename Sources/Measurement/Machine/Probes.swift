// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// The primitives that a single thread can time.
enum Probes {
    static func all() -> [Calibration.Item] {
        [
            Calibration.Item(Calibration.clockRead, clockRead()),
            Calibration.Item(Calibration.emptyLoop, emptyLoop()),
            Calibration.Item("indirect call", indirectCall()),
            Calibration.Item("getppid", parentID()),
            Calibration.Item("eventfd write and read", eventCounter()),
            Calibration.Item("socketpair byte there and back", socketPair()),
            Calibration.Item("epoll_wait(0)", pollNothing()),
        ]
    }

    static func clockRead() -> Double? {
        Batches.medianCost(operations: 20_000) { count in
            var latest: UInt64 = 0
            for _ in 0..<count { latest = max(latest, MonotonicClock.now()) }
            blackHole(latest)
        }
    }

    static func emptyLoop() -> Double? {
        Batches.medianCost(operations: 200_000) { count in
            for index in 0..<count { blackHole(index) }
        }
    }

    static func indirectCall() -> Double? {
        let callee: any Callee = opaque(Increment())
        return Batches.medianCost(operations: 200_000) { count in
            var value = 0
            for _ in 0..<count { value = callee.apply(value) }
            blackHole(value)
        }
    }

    static func parentID() -> Double? {
        Batches.medianCost(operations: 5_000) { count in
            for _ in 0..<count { blackHole(getppid()) }
        }
    }

    static func eventCounter() -> Double? {
        let file = linux_eventfd()
        guard file >= 0 else { return nil }
        defer { linux_close(file) }
        return Batches.medianCost(operations: 2_000) { count in
            for _ in 0..<count {
                _ = linux_eventfd_signal(file)
                _ = linux_eventfd_drain(file)
            }
        }
    }

    static func socketPair() -> Double? {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { return nil }
        defer { ends.forEach { close($0) } }
        return Batches.medianCost(operations: 1_000) { count in
            var byte: UInt8 = 1
            for _ in 0..<count {
                write(ends[0], &byte, 1)
                read(ends[1], &byte, 1)
                write(ends[1], &byte, 1)
                read(ends[0], &byte, 1)
            }
        }
    }

    static func pollNothing() -> Double? {
        let poller = linux_epoll_create()
        guard poller >= 0 else { return nil }
        defer { linux_close(poller) }
        var event = linux_event()
        return Batches.medianCost(operations: 5_000) { count in
            for _ in 0..<count { blackHole(linux_epoll_events(poller, &event, 1, 0)) }
        }
    }
}

private protocol Callee { func apply(_ value: Int) -> Int }

private struct Increment: Callee {
    @inline(never) func apply(_ value: Int) -> Int { value &+ 1 }
}

// Opaque to the optimizer: it must compute the argument and can assume nothing about the result.
@inline(never) @_optimize(none) private func blackHole<Value>(_ value: Value) {}
@inline(never) @_optimize(none) private func opaque<Value>(_ value: Value) -> Value { value }
