// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import SchedulerSupport
import Synchronization
import Testing

/// A loop's wait, and other threads that end it.
@Suite struct `The wake-up` {
    @Test(arguments: [true, false])
    func `A signal while no loop waits makes no system call`(readsBack: Bool) throws {
        let alarm = try WakeUp(readsBack: readsBack)
        for _ in 0..<10 { alarm.signal() }
        #expect(alarm.systemCalls["write"] == 0)
        #expect(!isReadable(alarm))
    }

    @Test(arguments: [true, false])
    func `With work pending there is no wait`(readsBack: Bool) throws {
        let alarm = try WakeUp(readsBack: readsBack)
        var waits = 0
        alarm.wait(unless: { true }, { waits += 1 })
        #expect(waits == 0)
        alarm.wait(unless: { false }, { waits += 1 })
        #expect(waits == 1)
        #expect(alarm.systemCalls.values.allSatisfy { $0 == 0 })
    }

    @Test func `A signal between the check for work and the wait is not lost`() throws {
        let alarm = try WakeUp(readsBack: true)
        var wasReadable = false
        alarm.wait(
            unless: {
                alarm.signal()
                return false
            },
            { wasReadable = isReadable(alarm) }
        )
        #expect(wasReadable)
        #expect(!isReadable(alarm))
    }

    @Test func `Many signals during one wait cost one write`() throws {
        let alarm = try WakeUp(readsBack: true)
        alarm.wait(unless: { false }, { for _ in 0..<10 { alarm.signal() } })
        #expect(alarm.systemCalls["write"] == 1)
        #expect(alarm.systemCalls["read"] == 1)
        #expect(!isReadable(alarm))
        // The next wait waits again.
        var wasReadable = true
        alarm.wait(unless: { false }, { wasReadable = isReadable(alarm) })
        #expect(!wasReadable)
    }

    @Test func `Without reading back, every wait ends with an edge of its own`() throws {
        let alarm = try WakeUp(readsBack: false)
        for round in 1...5 {
            alarm.wait(unless: { false }, { alarm.signal() })
            #expect(alarm.systemCalls["write"] == UInt64(round))
        }
        #expect(alarm.systemCalls["read"] == 0)
    }

    @Test func `Another thread's signals all arrive, however they race with the waits`() throws {
        let alarm = try WakeUp(readsBack: true)
        let total = 20_000
        let work = Published()
        let producer = Thread {
            for _ in 0..<total {
                work.count.add(1, ordering: .sequentiallyConsistent)
                alarm.signal()
            }
        }
        producer.start()
        var taken = 0
        var isLost = false
        while taken < total, !isLost {
            // A lost wake-up would make this wait forever.
            alarm.wait(
                unless: { work.count.load(ordering: .sequentiallyConsistent) > taken },
                { isLost = wait(alarm, 20_000) == 0 }
            )
            taken = work.count.load(ordering: .sequentiallyConsistent)
        }
        #expect(taken == total)
        #expect(!isLost)
    }
}

/// What one thread publishes and another takes.
private final class Published: Sendable {
    let count = Atomic<Int>(0)
}

private func isReadable(_ alarm: WakeUp) -> Bool { wait(alarm, 0) == 1 }

@discardableResult
private func wait(_ alarm: WakeUp, _ milliseconds: CInt) -> CInt {
    var descriptor = pollfd(fd: alarm.descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&descriptor, 1, milliseconds)
}
