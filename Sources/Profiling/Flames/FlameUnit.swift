// SPDX-License-Identifier: Apache-2.0

import Measurement
internal import Reports

/// The unit of the stacks' counts.
package enum FlameUnit: Sendable, Equatable {
    /// Samples of a profiler.
    case samples
    /// Time.
    case nanoseconds
    /// Time per operation.
    case nanosecondsPerOperation

    /// The names of the unit and of its multiples, each a thousand times the one before.
    var names: [String] {
        switch self {
        case .samples: ["samples"]
        case .nanoseconds: ["ns", "µs", "ms", "s"]
        case .nanosecondsPerOperation: ["ns/op", "µs/op", "ms/op", "s/op"]
        }
    }

    /// A count with its unit, or with the largest multiple of it that leaves at least 1.
    func text(_ count: Double) -> String {
        if count == 1, self == .samples { return "1 sample" }
        var count = count
        var rank = 0
        while abs(count) >= 999.5, rank < names.count - 1 {
            count /= 1_000
            rank += 1
        }
        return "\(Figure.compact(count)) \(names[rank])"
    }
}
