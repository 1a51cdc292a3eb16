// SPDX-License-Identifier: Apache-2.0

import CLinux

/// A set of processors, by the kernel's numbers.
package struct CPUSet: Sendable, Equatable, Codable {
    /// The numbers, ascending and distinct.
    package let numbers: [Int]

    /// Creates a set of these processors.
    package init(_ numbers: some Sequence<Int>) { self.numbers = Set(numbers).sorted() }

    /// Parses the kernel's list format, such as `0-2,5`.
    ///
    /// Returns nil if the text is not in that format.
    package init?(list text: String) {
        var numbers: [Int] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
                0 <= first, first <= last, last < Self.capacity
            else { return nil }
            numbers.append(contentsOf: first...last)
        }
        self.init(numbers)
    }

    /// The set in the kernel's list format, such as `0-2,5`.
    package var list: String {
        var runs: [ClosedRange<Int>] = []
        for number in numbers {
            if let last = runs.last, last.upperBound + 1 == number {
                runs[runs.count - 1] = last.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }

    /// The affinity mask of the calling thread.
    package static func allowed() -> CPUSet {
        var mask = [UInt8](repeating: 0, count: capacity / 8)
        guard linux_get_affinity(&mask, mask.count) == 0 else { return CPUSet([]) }
        return CPUSet((0..<capacity).filter { mask[$0 / 8] & (1 << UInt8($0 % 8)) != 0 })
    }

    /// Pins the calling thread, and every thread that it starts afterwards, to these processors.
    ///
    /// Returns false if the kernel refuses, as it does when none of them exists.
    package func pinCurrentThread() -> Bool {
        var mask = [UInt8](repeating: 0, count: Self.capacity / 8)
        for number in numbers where number < Self.capacity { mask[number / 8] |= 1 << UInt8(number % 8) }
        return linux_set_affinity(mask, mask.count) == 0
    }

    // The size of the C library's affinity masks, in processors.
    private static let capacity = 1_024
}
