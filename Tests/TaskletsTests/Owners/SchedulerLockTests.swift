// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Tasklets

@Suite struct `The lock of a concurrent scheduler` {
    private final class RecordedParking: ThreadParking {
        func prepareToPark(_ node: NodePointer) {}

        let unparked = Guarded<[UInt]>([])

        func park(_ node: NodePointer) {}

        func unpark(_ node: NodePointer) { unparked.withLock { $0.append(UInt(bitPattern: node)) } }
    }

    @Test func `Threads are woken when it is released for the last time, in the order in which they were added`() {
        let scheduler = IdleScheduler(nodes: 2)
        let parking = RecordedParking()
        let lock = SchedulerLock(unparking: parking)
        defer { lock.deallocate() }
        lock.lock()
        lock.lock()
        for node in scheduler.nodes { lock.wakeAfterUnlock(node) }
        lock.unlock()
        #expect(parking.unparked.withLock { $0 }.isEmpty)
        lock.unlock()
        #expect(parking.unparked.withLock { $0 } == scheduler.nodes.map { UInt(bitPattern: $0) })
    }

    @Test func `Each is woken once`() {
        let scheduler = IdleScheduler(nodes: 1)
        let parking = RecordedParking()
        let lock = SchedulerLock(unparking: parking)
        defer { lock.deallocate() }
        for _ in 0..<2 {
            lock.lock()
            if parking.unparked.withLock({ $0.isEmpty }) { lock.wakeAfterUnlock(scheduler.nodes[0]) }
            lock.unlock()
        }
        #expect(parking.unparked.withLock { $0.count } == 1)
    }
}
