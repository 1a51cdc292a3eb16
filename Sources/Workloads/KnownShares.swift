// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// Tasklets whose parts of the processor time are known, so that a profile of them can be checked.
    ///
    /// Found by name only.
    public static let knownShares = Workload(
        name: "known-shares",
        summary: "Tasklets that work in the ratio 1:2:4:8: what a profile has to find.",
        parameters: [
            Parameter("slice", "microseconds that the first works in a turn", default: 100, quick: 1, in: 1...100_000),
            Parameter("turns", "turns of each", default: 100, quick: 10, in: 1...1_000_000),
        ],
        operation: "turn",
        metric: "turn",
        operations: { $0["turns"] * KnownShare.allCases.count },
        expected: { $0["turns"] * KnownShare.allCases.count },
        run: { parameters, observer in
            let rounds = Spinning.rounds(in: .microseconds(parameters["slice"]))
            let turns = Tally()
            observer.mark(.begin)
            let tasklets = KnownShare.allCases.map { share in
                Tasklet.spawn(share.taskletName) {
                    for turn in 0..<parameters["turns"] {
                        // One, though the compiler cannot know.
                        turns.add(Spinning.spin(rounds * share.rawValue, from: turn) == 0 ? 2 : 1)
                        try await Tasklet.schedule()
                    }
                }
            }
            for tasklet in tasklets { try await tasklet.join() }
            observer.mark(.end)
            return turns.sum
        }
    )
}

/// A tasklet of ``Workloads/knownShares``; the raw value is its part of fifteen.
public enum KnownShare: Int, Sendable, CaseIterable {
    case one = 1
    case two = 2
    case four = 4
    case eight = 8

    /// What the tasklet is called.
    public var taskletName: String { "works \(rawValue) of 15" }

    /// Its part of the time that the four work.
    public var fraction: Double { Double(rawValue) / 15 }
}

/// Work that takes the same time whenever it is done.
private enum Spinning {
    /// How many rounds take that long, by the fastest of several attempts.
    static func rounds(in time: Duration) -> Int {
        let rounds = 20_000
        var least = Duration.seconds(1)
        for attempt in 0..<20 {
            let start = ContinuousClock.now
            let isZero = spin(rounds, from: attempt) == 0
            // Never so, though the compiler cannot know.
            least = min(least, ContinuousClock.now - start + .nanoseconds(isZero ? 1 : 0))
        }
        return max(1, Int(Double(rounds) * (time / max(least, .nanoseconds(1)))))
    }

    /// Each round needs what the last one has left, and whoever calls this the result.
    @inline(never) static func spin(_ rounds: Int, from start: Int) -> UInt64 {
        var dice = Dice(seed: UInt64(start))
        var state: UInt64 = 0
        for _ in 0..<rounds { state ^= dice.next() }
        return state
    }
}
