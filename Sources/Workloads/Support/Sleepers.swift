// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import Tasklets

/// Tasklets that each sleep until a deadline of their own.
struct Sleepers {
    private let count: Int
    private let spread: Duration
    private let gate = Channel<ContinuousClock.Instant>("gate")
    private let waits: WaitTimes
    private let early = AtomicSum()

    init(_ count: Int, over spread: Duration) {
        self.count = count
        self.spread = spread
        waits = WaitTimes(count)
        // Who opens the gate keeps running, so that all sleepers are in the run queue before one goes on.
        gate.preference = .none
    }

    /// Arms the deadlines in random order, and waits until all have expired; returns the number that woke up early.
    ///
    /// - Parameter begin: called when all sleepers have started, before the first deadline is set.
    func run(whenReady begin: () -> Void = {}) async throws -> Int {
        var random = SplitMix64(seed: 1)
        let sleepers = (0..<count).shuffled(using: &random).map { index in
            Tasklet.spawn("sleeper") { try await sleep(index) }
        }
        let lead = try await rehearse()
        begin()
        try await open(.now + lead)
        for sleeper in sleepers { try await sleeper.join() }
        return early.sum
    }

    /// The lateness of each deadline, in nanoseconds.
    var lateness: [UInt64] { waits.all }

    /// Lets all sleepers pass the gate once and come back, and returns how long before the first deadline they have to
    /// pass it again: several times as long as this took.
    ///
    /// So even a sleeper that is a thread of its own has started, and sleeps, when the first deadline expires.
    private func rehearse() async throws -> Duration {
        try await gate.waitForReceivers(count)
        let start = ContinuousClock.now
        try await open(start)
        try await gate.waitForReceivers(count)
        let time = ContinuousClock.now - start
        return max(.milliseconds(10), time * 4)
    }

    /// Lets all sleepers pass the gate, in the order in which they came.
    private func open(_ first: ContinuousClock.Instant) async throws {
        for _ in 0..<count { try await gate.send(first) }
    }

    /// A sleeper: sleeps until its share of the spread after the first deadline.
    private func sleep(_ index: Int) async throws {
        _ = try await gate.receive()
        let deadline = try await gate.receive() + spread * index / count
        try await Tasklet.sleep(until: deadline)
        let lateness = ContinuousClock.now - deadline
        waits.note(lateness, at: index)
        if lateness < .zero { early.add(1) }
    }
}
