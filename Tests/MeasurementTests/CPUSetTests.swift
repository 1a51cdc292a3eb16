// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement

@Suite("Processor lists")
struct CPUSetTests {
    @Test(
        "the kernel's list format round-trips",
        arguments: [("0", [0]), ("0-3", [0, 1, 2, 3]), ("1,3-5", [1, 3, 4, 5]), ("0-1,7", [0, 1, 7])]
    )
    func roundTrip(list: String, numbers: [Int]) throws {
        let cpus = try #require(CPUSet(list: list))
        #expect(cpus.numbers == numbers)
        #expect(cpus.list == list)
    }

    @Test("order and repetition are normalized")
    func normalized() {
        #expect(CPUSet(list: "3,1,2,2")?.list == "1-3")
    }

    @Test("malformed lists are rejected", arguments: ["", "a", "1-", "-1", "2-1", "1,,2", "0-99999999", "1 2", "0x1"])
    func malformed(list: String) {
        #expect(CPUSet(list: list) == nil)
    }

    @Test("this process may run on at least one processor")
    func allowed() {
        #expect(!CPUSet.allowed().numbers.isEmpty)
    }

    @Test("pinning to a processor that does not exist fails")
    func missing() {
        #expect(!CPUSet([1_023]).pinCurrentThread())
        #expect(!CPUSet([]).pinCurrentThread())
    }
}
