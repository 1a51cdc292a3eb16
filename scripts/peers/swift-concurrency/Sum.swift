// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A number that tasks add to.
final class Sum: Sendable {
    private let value = Atomic(0)

    /// The numbers added so far.
    var total: Int { value.load(ordering: .acquiring) }

    /// Adds a number.
    func add(_ number: Int) { value.wrappingAdd(number, ordering: .acquiringAndReleasing) }

    /// Lets other tasks run until they have added so much.
    func reach(_ goal: Int) async {
        while total < goal { await Task.yield() }
    }
}

extension Duration {
    /// It, rounded down to whole nanoseconds.
    var nanoseconds: Int { Int(components.seconds) * 1_000_000_000 + Int(components.attoseconds / 1_000_000_000) }
}
