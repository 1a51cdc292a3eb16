// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A sum that tasklets add to from any thread.
final class AtomicSum: Sendable {
    private let total = Atomic<Int>(0)

    /// The sum so far.
    var sum: Int { total.load(ordering: .acquiring) }

    /// Adds a number; safe to call concurrently.
    func add(_ number: Int) { total.add(number, ordering: .releasing) }

    /// Adds a number without a locked instruction; no other thread may add at the same time.
    func addUnshared(_ number: Int) {
        total.store(total.load(ordering: .relaxed) &+ number, ordering: .releasing)
    }
}
