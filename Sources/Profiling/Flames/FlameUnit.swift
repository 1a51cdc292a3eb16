// SPDX-License-Identifier: Apache-2.0

/// What the counts of stacks are.
package enum FlameUnit: Sendable, Equatable {
    /// Samples of a profiler.
    case samples
    /// Time.
    case nanoseconds
    /// Time, as a share of one operation.
    case nanosecondsPerOperation

    /// The names of the unit and of its multiples, each a thousand times the one before.
    var names: [String] {
        switch self {
        case .samples: ["samples"]
        case .nanoseconds: ["ns", "µs", "ms", "s"]
        case .nanosecondsPerOperation: ["ns/op", "µs/op", "ms/op", "s/op"]
        }
    }

    /// A count for people: whole if there are no multiples, otherwise of three digits in the fitting one.
    func text(_ count: Double) -> String {
        if count == 1, self == .samples { return "1 sample" }
        var count = count
        var rank = 0
        while abs(count) >= 999.5, rank < names.count - 1 {
            count /= 1_000
            rank += 1
        }
        return "\(Digits.text(count)) \(names[rank])"
    }
}
