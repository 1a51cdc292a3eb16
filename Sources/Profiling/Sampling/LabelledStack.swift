// SPDX-License-Identifier: Apache-2.0

internal import CProfiler

/// The code that had the processor at a sample.
package enum Owner: Hashable, Sendable, Codable {
    /// A tasklet, by its label, from 1.
    case tasklet(UInt32)
    /// A scheduler's loop, between tasklets.
    case scheduler
    /// A thread that runs no scheduler.
    case outside
}

/// A sampled stack with its owner.
package struct LabelledStack: Hashable, Sendable, Codable {
    /// The code that had the processor.
    package var owner: Owner
    /// The interrupted instruction, then the return addresses, the innermost first.
    package var addresses: [UInt64]
    /// The number of samples.
    package var count: Int
    /// The nanoseconds of processor time that the samples stand for: for each, the time since the one before it.
    package var time: UInt64

    package init(owner: Owner, addresses: [UInt64], count: Int, time: UInt64) {
        self.owner = owner
        self.addresses = addresses
        self.count = count
        self.time = time
    }

    /// Parses the signal handler's notes, and adds up equal stacks.
    static func all(in words: UnsafeBufferPointer<UInt64>) -> [LabelledStack] {
        var sums: [LabelledStack: (count: Int, time: UInt64)] = [:]
        var place = 0
        while place < words.count {
            let depth = Int(words[place] >> 32)
            let owner = Owner(label: UInt32(truncatingIfNeeded: words[place]))
            let time = words[place + 1]
            let addresses = Array(words[place + 2..<place + 2 + depth])
            let key = LabelledStack(owner: owner, addresses: addresses, count: 0, time: 0)
            let sum = sums[key] ?? (0, 0)
            sums[key] = (sum.count + 1, sum.time + time)
            place += 2 + depth
        }
        return sums.map { key, sum in
            LabelledStack(owner: key.owner, addresses: key.addresses, count: sum.count, time: sum.time)
        }
    }
}

extension Owner {
    init(label: UInt32) {
        switch label {
        case profiler_no_scheduler: self = .outside
        case profiler_no_tasklet: self = .scheduler
        default: self = .tasklet(label)
        }
    }
}
