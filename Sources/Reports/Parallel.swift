// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Work on all processors.
package enum Parallel {
    /// The results of a closure for the numbers below a count, in their order.
    ///
    /// - Throws: the error of the least number that has one.
    package static func map<Value: Sendable>(
        _ count: Int,
        _ body: @escaping @Sendable (Int) throws -> Value
    ) throws -> [Value] {
        let results = Mutex<[Int: Result<Value, any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: count) { number in
            let result = Result { try body(number) }
            results.withLock { $0[number] = result }
        }
        return try results.withLock { results in try (0..<count).compactMap { try results[$0]?.get() } }
    }

    /// The same for a closure that throws nothing, and the elements of an array.
    static func map<Element: Sendable, Value: Sendable>(
        _ elements: [Element],
        _ body: @escaping @Sendable (Element) -> Value
    ) -> [Value] {
        let results = Mutex<[Int: Value]>([:])
        DispatchQueue.concurrentPerform(iterations: elements.count) { number in
            let result = body(elements[number])
            results.withLock { $0[number] = result }
        }
        return results.withLock { results in elements.indices.compactMap { results[$0] } }
    }
}
