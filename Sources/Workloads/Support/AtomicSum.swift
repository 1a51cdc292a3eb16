// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A sum that tasklets add to, on whichever threads they run.
final class Tally: Sendable {
    private let total = Atomic<Int>(0)

    /// The sum so far.
    var sum: Int { total.load(ordering: .acquiring) }

    /// Adds a number.
    ///
    /// Any number of tasklets at a time.
    func add(_ number: Int) { total.add(number, ordering: .releasing) }

    /// Adds a number where nobody else adds at the same time: two plain moves instead of a locked instruction.
    func addAlone(_ number: Int) {
        total.store(total.load(ordering: .relaxed) &+ number, ordering: .releasing)
    }
}
