// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// The explorer itself, on systems whose states are known.
@Suite struct `The explorer` {
    /// A counter, two locks, and what each of two threads has read of the counter.
    private struct Memory: SharedMemory {
        var count = 0
        var isTaken = [false, false]
        var read = [0, 0]
        var fault: String?

        func faultAtRest(_ places: [String?]) -> String? {
            if places != [nil, nil] { return "they wait for each other" }
            return count == 2 ? nil : "lost update"
        }
    }

    private typealias Model = ThreadModel<Memory>

    private func explore(_ steps: [Step<Memory>], _ others: [Step<Memory>]? = nil) -> Findings {
        Model(Memory(), [Model.Thread(name: "a", steps: steps), Model.Thread(name: "b", steps: others ?? steps)])
            .explore()
    }

    private let read: Step<Memory> = .always("read") { memory, me in memory.read[me] = memory.count }
    private let write: Step<Memory> = .always("write") { memory, me in memory.count = memory.read[me] + 1 }
    private let add: Step<Memory> = .always("add") { memory, _ in memory.count += 1 }

    private func take(_ lock: Int) -> Step<Memory> {
        Step("take \(lock)") { memory, _ in
            guard !memory.isTaken[lock] else { return .wait }
            memory.isTaken[lock] = true
            return .next
        }
    }

    private func release(_ lock: Int) -> Step<Memory> {
        .always("release \(lock)") { memory, _ in memory.isTaken[lock] = false }
    }

    @Test func `It visits every state once, and counts the ends`() {
        let findings = explore([add])
        #expect(findings.fault == nil)
        // None, either or both have added; two paths lead to the last state.
        #expect((findings.states, findings.steps, findings.ends) == (4, 4, 1))
    }

    @Test func `It finds a lost update by a shortest path`() throws {
        let fault = try #require(explore([read, write]).fault)
        #expect(fault.what == "lost update")
        #expect(fault.trace == ["a: read", "b: read", "a: write", "b: write"])
    }

    @Test func `A lock prevents it`() {
        let findings = explore([take(0), read, write, release(0)])
        #expect(findings.fault == nil)
        #expect(findings.states > 10)
    }

    @Test func `It finds a deadlock by a shortest path`() throws {
        let fault = try #require(
            explore([take(0), take(1), add, release(1), release(0)], [take(1), take(0), add, release(0), release(1)])
                .fault
        )
        #expect("\(fault)" == "they wait for each other, after:\n  a: take 0\n  b: take 1")
    }

    @Test func `It finds a loop that never ends`() throws {
        let spin = Step<Memory>("spin") { memory, _ in memory.count > 1 ? .end : .go("spin") }
        #expect(explore([add, spin]).fault == nil)
        let fault = try #require(explore([add, spin], [take(1)]).fault)
        #expect(fault.what == "it runs in circles forever")
    }

    @Test func `It stops where a step has broken a rule`() throws {
        let breaking: Step<Memory> = .always("break") { memory, _ in memory.fault = "broken" }
        let fault = try #require(explore([add, breaking]).fault)
        #expect("\(fault)" == "broken, after:\n  a: add\n  a: break")
    }
}
