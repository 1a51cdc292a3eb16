// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Tasklets

@Suite struct `The queue of what other threads inject` {
    @Test func `Only the first of several has to wake the loop`() {
        let queue = InjectionQueue()
        #expect(queue.isEmpty)
        #expect(queue.add(.call {}))
        #expect(!queue.add(.call {}))
        #expect(!queue.isEmpty)
        #expect(queue.takeAll().count == 2)
        #expect(queue.isEmpty)
        #expect(queue.add(.call {}))
    }

    @Test func `Calls do not wait for another run, and are made once`() {
        let queue = InjectionQueue()
        let calls = Guarded(0)
        _ = queue.add(.call { calls.withLock { $0 += 1 } })
        queue.noteEndedRun(upTo: 3, andOfForeignThreads: 0)
        for call in queue.takeLateCalls() { call() }
        #expect(calls.withLock { $0 } == 1)
        #expect(queue.takeLateCalls().isEmpty)
        #expect(queue.takeAll().isEmpty)
    }

    @Test func `Between runs other threads may act, and during a run they may not`() {
        let gate = RunGate()
        let acts = Guarded(0)
        let act = { acts.withLock { $0 += 1 } }
        #expect(gate.performBetweenRuns(act))
        #expect(gate.begin())
        #expect(gate.isRunning)
        #expect(!gate.begin())
        #expect(!gate.performBetweenRuns(act))
        gate.end()
        #expect(gate.performBetweenRuns { _ = gate.performBetweenRuns(act) })
        #expect(acts.withLock { $0 } == 2)
    }
}
