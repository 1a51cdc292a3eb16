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
        let wakeUp = try WakeUp(readsBack: readsBack)
        for _ in 0..<10 { wakeUp.signal() }
        #expect(wakeUp.systemCalls["write"] == 0)
        #expect(!isReadable(wakeUp))
    }

    @Test(arguments: [true, false])
    func `With work pending there is no wait`(readsBack: Bool) throws {
        let wakeUp = try WakeUp(readsBack: readsBack)
        var waits = 0
        wakeUp.wait(unless: { true }, { waits += 1 })
        #expect(waits == 0)
        wakeUp.wait(unless: { false }, { waits += 1 })
        #expect(waits == 1)
        #expect(wakeUp.systemCalls.values.allSatisfy { $0 == 0 })
    }

    @Test func `A signal between the check for work and the wait is not lost`() throws {
        let wakeUp = try WakeUp(readsBack: true)
        var wasReadable = false
        wakeUp.wait(
            unless: {
                wakeUp.signal()
                return false
            },
            { wasReadable = isReadable(wakeUp) }
        )
        #expect(wasReadable)
        #expect(!isReadable(wakeUp))
    }

    @Test func `Many signals during one wait cost one write`() throws {
        let wakeUp = try WakeUp(readsBack: true)
        wakeUp.wait(unless: { false }, { for _ in 0..<10 { wakeUp.signal() } })
        #expect(wakeUp.systemCalls["write"] == 1)
        #expect(wakeUp.systemCalls["read"] == 1)
        #expect(!isReadable(wakeUp))
        // The next wait waits again.
        var wasReadable = true
        wakeUp.wait(unless: { false }, { wasReadable = isReadable(wakeUp) })
        #expect(!wasReadable)
    }

    @Test func `A write that lands after its wait has ended is read back, and ends one later wait at most`() throws {
        let wakeUp = try WakeUp(readsBack: true)
        var announced = false
        // Something else ends the wait, while another thread is between its look at the flag and its write.
        wakeUp.wait(unless: { false }, { announced = wakeUp.announcesWrite() })
        #expect(announced)
        wakeUp.write()
        wakeUp.wait(unless: { false }, {})
        #expect(!isReadable(wakeUp))
        #expect(wakeUp.systemCalls["read"] == 2)
        // From then on there is nothing to read.
        for _ in 0..<10 { wakeUp.wait(unless: { false }, { #expect(!isReadable(wakeUp)) }) }
        #expect(wakeUp.systemCalls["read"] == 2)
    }

    @Test func `A late write and one that is in time are both read back, in either order`() throws {
        let wakeUp = try WakeUp(readsBack: true)
        wakeUp.wait(unless: { false }, { _ = wakeUp.announcesWrite() })
        wakeUp.wait(unless: { false }, { wakeUp.signal() })
        #expect(!isReadable(wakeUp))
        wakeUp.write()
        wakeUp.wait(unless: { false }, {})
        #expect(!isReadable(wakeUp))
        let reads = wakeUp.systemCalls["read"]
        wakeUp.wait(unless: { false }, {})
        #expect(wakeUp.systemCalls["read"] == reads)
    }

    @Test func `Without reading back, every wait ends with an edge of its own`() throws {
        let wakeUp = try WakeUp(readsBack: false)
        for round in 1...5 {
            wakeUp.wait(unless: { false }, { wakeUp.signal() })
            #expect(wakeUp.systemCalls["write"] == UInt64(round))
        }
        #expect(wakeUp.systemCalls["read"] == 0)
    }

    @Test func `Another thread's signals all arrive, however they race with the waits`() throws {
        let wakeUp = try WakeUp(readsBack: true)
        let total = 20_000
        let work = Published()
        let producer = Thread {
            for _ in 0..<total {
                work.count.add(1, ordering: .sequentiallyConsistent)
                wakeUp.signal()
            }
        }
        producer.start()
        var taken = 0
        var isLost = false
        while taken < total, !isLost {
            // A lost wake-up would make this wait forever.
            wakeUp.wait(
                unless: { work.count.load(ordering: .sequentiallyConsistent) > taken },
                { isLost = wait(wakeUp, 20_000) == 0 }
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

private func isReadable(_ wakeUp: WakeUp) -> Bool { wait(wakeUp, 0) == 1 }

@discardableResult
private func wait(_ wakeUp: WakeUp, _ milliseconds: CInt) -> CInt {
    var descriptor = pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&descriptor, 1, milliseconds)
}
