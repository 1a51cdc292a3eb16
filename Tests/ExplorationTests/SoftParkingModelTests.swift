// SPDX-License-Identifier: Apache-2.0

import Testing

/// Tasklets that park softly meet on a channel while several workers run them, in every order of the workers' steps;
/// and how it fails when one of the steps is in the wrong place.
///
/// There are 4,000 states with two workers, and 22,000 with three.
@Suite struct `Every order of parking softly and resuming on another thread` {
    private typealias Model = ThreadModel<SoftParkingMemory>

    private func explore(_ acts: [[Int]], _ workers: [Model.Thread]) -> Findings {
        Model(SoftParkingMemory(workers: workers.count, acts), workers).explore()
    }

    private let workers = (1...3).map { Model.Thread.worker($0) }

    @Test func `No tasklet is resumed before it has parked, and none waits while a partner waits`() {
        let findings = explore([[+1, -1], [-1, +1], [+1, -1]], Array(workers.prefix(2)))
        #expect(findings.fault == nil)
        #expect(findings.states > 3_000)
    }

    @Test func `The same holds with as many workers as tasklets`() {
        let findings = explore([[+1], [-1], [+1]], workers)
        #expect(findings.fault == nil)
        #expect(findings.states > 15_000)
    }

    // MARK: Broken on purpose

    @Test func `A tasklet that releases the lock itself is resumed before it has parked`() throws {
        let hasty = workers.prefix(2).map {
            $0.inserting(.unlock("release the lock too early"), before: "store its context")
                .inserting(.lock("lock again"), before: "keep its lock")
        }
        let fault = try #require(explore([[-1], [+1]], hasty).fault)
        #expect(fault.what == "a tasklet is resumed before it has parked")
    }

    @Test func `Releasing the lock between looking for a partner and waiting loses a wake-up`() throws {
        let hasty = workers.prefix(2).map {
            $0.inserting(.unlock("release the lock too early"), before: "wait").inserting(
                .lock("lock again"),
                before: "wait"
            )
        }
        let fault = try #require(explore([[-1], [+1]], hasty).fault)
        #expect(fault.what == "lost wake-up: a sender and a receiver wait on one channel")
    }
}
