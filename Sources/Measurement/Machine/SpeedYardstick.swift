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

    /// Eight chains side by side keep the core as busy as it can be, so that a busy sibling shows: one chain alone would
    /// leave it room.
    @inline(never) private static func work() -> UInt64 {
        var (a, b, c, d): (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
        var (e, f, g, h): (UInt64, UInt64, UInt64, UInt64) = (5, 6, 7, 8)
        for _ in 0..<20_000 {
            (a, b, c, d) = (step(a), step(b), step(c), step(d))
            (e, f, g, h) = (step(e), step(f), step(g), step(h))
        }
        return (a ^ b ^ c ^ d ^ e ^ f ^ g ^ h) | 1
    }

    /// A rotation, an addition and an exclusive or, which every processor does in a cycle each.
    @inline(__always) private static func step(_ value: UInt64) -> UInt64 {
        (value << 13 | value >> 51) ^ (value &+ 0x9e37_79b9_7f4a_7c15)
    }
}
