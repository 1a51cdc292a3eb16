// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import Tasklets

extension Workloads {
    /// Tasklets with known shares of the processor time, to check profiles against.
    ///
    /// Not listed; found by name.
    public static let knownShares = Workload(
        name: "known-shares",
        summary: "Tasklets that work in the ratio 1:2:4:8, which a profile has to find.",
        parameters: [
            Parameter(
                "slice",
                "microseconds of work per turn of the first tasklet",
                default: 100,
                quick: 1,
                in: 1...100_000
            ),
            Parameter("turns", "turns per tasklet", default: 100, quick: 10, in: 1...1_000_000),
        ],
        operation: "turn",
        metric: "turn",
        operations: { $0["turns"] * KnownShare.allCases.count },
        expected: { $0["turns"] * KnownShare.allCases.count },
        run: { parameters, observer in
            let rounds = Spinning.rounds(in: .microseconds(parameters["slice"]))
            let turns = AtomicSum()
            observer.mark(.begin)
            let tasklets = KnownShare.allCases.map { share in
                Tasklet.spawn(share.taskletName) {
                    for turn in 0..<parameters["turns"] {
                        // Always adds 1, which the compiler cannot prove.
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

/// A tasklet of ``Workloads/knownShares``; the raw value is its share, in fifteenths.
public enum KnownShare: Int, Sendable, CaseIterable {
    case one = 1
    case two = 2
    case four = 4
    case eight = 8

    /// The tasklet's name.
    public var taskletName: String { "works \(rawValue) of 15" }

    /// Its share of the four tasklets' time.
    public var fraction: Double { Double(rawValue) / 15 }
}

/// Work of constant duration.
private enum Spinning {
    /// The number of rounds that take a given time, by the fastest of several attempts.
    static func rounds(in time: Duration) -> Int {
        let rounds = 20_000
        var least = Duration.seconds(1)
        for attempt in 0..<20 {
            let start = ContinuousClock.now
            let isZero = spin(rounds, from: attempt) == 0
            // Never zero, which the compiler cannot prove.
            least = min(least, ContinuousClock.now - start + .nanoseconds(isZero ? 1 : 0))
        }
        return max(1, Int(Double(rounds) * (time / max(least, .nanoseconds(1)))))
    }

    /// Each round depends on the previous one, and the caller uses the result: nothing can be optimized away.
    @inline(never) static func spin(_ rounds: Int, from start: Int) -> UInt64 {
        var random = SplitMix64(seed: UInt64(start))
        var state: UInt64 = 0
        for _ in 0..<rounds { state ^= random.next() }
        return state
    }
}
