// SPDX-License-Identifier: Apache-2.0

import Glibc
import SeededRandom

/// The replies and delays of the servers in a fan-out, the same in every run.
enum FanOutReplies {
    /// What a back end replies to a request.
    static func ofBack(_ request: Int, _ number: Int) -> UInt64 {
        var random = SplitMix64(seed: UInt64(request) << 16 | UInt64(number))
        return random.next() >> 8
    }

    /// What the front end replies to a request.
    static func ofFront(_ request: Int, width: Int) -> String {
        "\((0..<width).reduce(UInt64(0)) { $0 &+ ofBack(request, $1) })"
    }

    /// The longest delay among the back ends of a request, which its reply cannot precede.
    static func longestDelay(_ request: Int, width: Int, mean: Int) -> Duration {
        (0..<width).reduce(.zero) { max($0, delay(request, of: $1, mean: mean)) }
    }

    /// An exponentially distributed delay, cut off at eight times the mean.
    static func delay(_ request: Int, of number: Int, mean: Int) -> Duration {
        var random = SplitMix64(seed: UInt64(request) << 16 | UInt64(number) | 1 << 62)
        let uniform = Double(random.next() >> 11) / Double(1 << 53)
        return .nanoseconds(Int64(Double(mean) * 1_000 * min(8, -log(1 - uniform))))
    }
}
