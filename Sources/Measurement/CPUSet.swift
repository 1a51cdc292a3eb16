// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// Processors, by the kernel's numbers.
package struct CPUSet: Sendable, Equatable, Codable {
    /// The numbers, ascending, each once.
    package let numbers: [Int]

    /// A set of these processors.
    package init(_ numbers: some Sequence<Int>) { self.numbers = Set(numbers).sorted() }

    /// The kernel's list format: `0-2,5`.
    ///
    /// Nil where the text is not such a list.
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

    /// The kernel's list format: `0-2,5`.
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

    /// The processors that the calling thread may run on.
    package static func allowed() -> CPUSet {
        var mask = cpu_set_t()
        guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &mask) == 0 else { return CPUSet([]) }
        return withUnsafeBytes(of: &mask) { bytes in
            CPUSet((0..<capacity).filter { bytes[$0 / 8] & (1 << UInt8($0 % 8)) != 0 })
        }
    }

    /// Confines the calling thread, and every thread that it starts from now on, to these processors.
    ///
    /// False where the kernel refuses, as it does where none of them exists.
    package func pinCurrentThread() -> Bool {
        var mask = cpu_set_t()
        withUnsafeMutableBytes(of: &mask) { bytes in
            for number in numbers { bytes[number / 8] |= 1 << UInt8(number % 8) }
        }
        return sched_setaffinity(0, MemoryLayout<cpu_set_t>.size, &mask) == 0
    }

    // The mask's bit n is processor n; on little-endian machines that is bit n % 8 of byte n / 8.
    private static var capacity: Int { MemoryLayout<cpu_set_t>.size * 8 }
}
