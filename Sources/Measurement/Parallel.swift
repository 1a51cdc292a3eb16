// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Work on all processors.
package enum Parallel {
    /// The results of a closure for each element, in their order.
    ///
    /// - Throws: the error of the first element that has one.
    package static func map<Element: Sendable, Value: Sendable, Failure: Error>(
        _ elements: [Element],
        _ body: @escaping @Sendable (Element) throws(Failure) -> Value
    ) throws(Failure) -> [Value] {
        let results = Mutex<[Int: Result<Value, Failure>]>([:])
        DispatchQueue.concurrentPerform(iterations: elements.count) { number in
            let result = Result { () throws(Failure) in try body(elements[number]) }
            results.withLock { $0[number] = result }
        }
        let made = results.withLock(\.self)
        var values: [Value] = []
        for number in elements.indices { if let result = made[number] { values.append(try result.get()) } }
        return values
    }
}
