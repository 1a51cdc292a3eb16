// SPDX-License-Identifier: Apache-2.0

/// A fixed amount of work that touches no memory, so that its duration shows the processor's speed and nothing else.
struct SpinYardstick: Sendable {
    private let steps: Int

    /// Finds the number of steps that takes about `duration` at full speed, in nanoseconds.
    ///
    /// The fastest of several attempts counts, because everything else only delays them.
    init(duration: UInt64 = 50_000) {
        var steps = 256
        while steps < 1 << 24 {
            let fastest = (0..<5).map { _ in MonotonicClock.time { Self.spin(steps) } }.min() ?? duration
            if fastest >= duration { break }
            // Doubled at most: a short attempt says little.
            steps = Int(Double(steps) * min(2, max(1.1, Double(duration) / Double(max(1, fastest)))))
        }
        self.steps = steps
    }

    /// Repeats the work for some time, and returns the duration of each repetition; both in nanoseconds.
    func samples(for duration: UInt64) -> [Double] {
        let end = MonotonicClock.now() &+ duration
        var samples: [Double] = []
        var start = MonotonicClock.now()
        while start < end {
            Self.spin(steps)
            let now = MonotonicClock.now()
            samples.append(Double(now - start))
            start = now
        }
        return samples
    }

    // Each step needs the result of the one before it.
    @inline(never) private static func spin(_ steps: Int) {
        var state: UInt64 = 1
        for _ in 0..<steps { state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407 }
        use(state)
    }

    // Opaque to the optimizer, which would otherwise remove the work.
    @inline(never) @_optimize(none) private static func use(_ state: UInt64) {}
}
