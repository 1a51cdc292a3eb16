// SPDX-License-Identifier: Apache-2.0

import ParameterValues
import Testing
import Workloads

@Suite struct `The sieve` {
    /// The filters of 2, 3, 5 and 7 receive the numbers 2 to 9, then 3, 5, 7 and 9, then 5 and 7, and then 7.
    @Test func `An operation is a number that a filter receives`() throws {
        let workload = try #require(Workloads.named("sieve"))
        let parameters = Parameters(["limit": 10])
        #expect(workload.operations(parameters) == 8 + 4 + 2 + 1)
        #expect(workload.expected(parameters) == (2 + 3 + 5 + 7) + 44 + 24 + 12 + 7)
    }
}
