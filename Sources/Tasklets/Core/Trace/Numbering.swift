// SPDX-License-Identifier: Apache-2.0

/// Numbers values from 0 on, in the order in which they come: equal ones get the same number.
struct Numbering<Value: Hashable & Sendable>: Sendable {
    /// The values by their numbers.
    private(set) var values: [Value] = []
    private var numbers: [Value: UInt32] = [:]

    init(_ values: [Value] = []) {
        for value in values { _ = number(of: value) }
    }

    mutating func number(of value: Value) -> UInt32 {
        if let number = numbers[value] { return number }
        let number = UInt32(values.count)
        values.append(value)
        numbers[value] = number
        return number
    }
}
