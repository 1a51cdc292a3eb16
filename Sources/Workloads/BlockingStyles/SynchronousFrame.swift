// SPDX-License-Identifier: Apache-2.0

/// A frame of synchronous code, which cannot be suspended: what waits below it blocks hard.
enum SynchronousFrame {
    /// Calls a body once, in a comparator that was given to `sort`, and returns what it returns.
    @inline(never) static func call<R>(_ body: () throws -> R) throws -> R {
        var result: R?
        var pair = [1, 0]
        try pair.sort { left, right in
            if result == nil { result = try body() }
            return left < right
        }
        guard let result else { preconditionFailure("two elements were sorted without a comparison") }
        return result
    }
}
