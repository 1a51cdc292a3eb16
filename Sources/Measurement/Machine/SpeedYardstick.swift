// SPDX-License-Identifier: Apache-2.0

/// A fixed amount of work that touches no memory: how long it takes says how fast the processor is just now.
///
/// A processor that shares a core or a machine with others has more than one speed, and changes it within
/// milliseconds. A yardstick before and after a turn tells from something other than the figure itself which speed it
/// ran at.
package enum SpeedYardstick {
    /// Does the work, about 50 µs of it; returns how long it took, in nanoseconds.
    package static func measure() -> UInt64 {
        let start = MonotonicClock.now()
        let sink = work()
        let elapsed = MonotonicClock.now() - start
        // Never true; keeps the compiler from leaving the work out.
        return sink == 0 ? 0 : elapsed
    }

    /// Repeats the work for some time, and returns how long each repetition took; all in nanoseconds.
    package static func samples(for duration: UInt64) -> [Double] {
        let end = MonotonicClock.now() &+ duration
        var samples: [Double] = []
        while MonotonicClock.now() < end { samples.append(Double(measure())) }
        return samples
    }

    /// Four chains side by side, because one alone leaves the core idle, and so would not notice a busy sibling.
    @inline(never) private static func work() -> UInt64 {
        var (a, b, c, d): (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
        for _ in 0..<12_000 {
            a = step(a)
            b = step(b)
            c = step(c)
            d = step(d)
        }
        return (a ^ b ^ c ^ d) | 1
    }

    /// Marsaglia's xorshift, with a multiplication.
    @inline(__always) private static func step(_ value: UInt64) -> UInt64 {
        let mixed = value ^ (value >> 12)
        return (mixed ^ (mixed << 25)) &* 0x2545_f491_4f6c_dd1d
    }
}
