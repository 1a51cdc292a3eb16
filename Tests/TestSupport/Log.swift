// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// What happened, in order.
package final class Log: Sendable {
    private let lines = Box<[String]>([])

    package init() {}

    package func add(_ line: String) { lines.update { $0.append(line) } }

    package var all: [String] { lines.value }

    /// All lines, separated by spaces.
    package var text: String { all.joined(separator: " ") }
}

/// A number that tasklets and tests share.
package final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    package init() {}

    package func add(_ amount: Int = 1) { count.add(amount, ordering: .relaxed) }

    package var value: Int { count.load(ordering: .relaxed) }
}

/// A place where a tasklet leaves something for the test.
///
/// Not based on `Synchronization.Mutex`, which the thread sanitizer does not know.
package final class Box<Value: Sendable>: @unchecked Sendable {
    // SAFETY: touched with the lock held.
    private var content: Value
    private let lock = NSLock()

    package init(_ value: Value) { content = value }

    package func update(_ change: (inout Value) -> Void) { lock.withLock { change(&content) } }

    package var value: Value {
        get { lock.withLock { content } }
        set { lock.withLock { content = newValue } }
    }
}

/// An object whose instances are counted: a leak shows as a count that does not return to zero.
package final class Tracked: Sendable {
    package let number: Int
    private let alive: Counter

    package init(_ number: Int, _ alive: Counter) {
        self.number = number
        self.alive = alive
        alive.add(1)
    }

    deinit { alive.add(-1) }
}

/// An error that is told from others by its text.
package struct Failure: Error, Equatable {
    package var text: String

    package init(_ text: String) { self.text = text }
}
