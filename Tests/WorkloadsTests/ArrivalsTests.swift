// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Workloads

/// The sums from which workloads compute their answers.
@Suite struct `What arrives` {
    private func sum(_ numbers: [Int]) -> Int {
        var arrivals = Arrivals()
        for number in numbers { arrivals.note(number) }
        return arrivals.sum
    }

    @Test func `The sum is right if every number arrives once and in order`() {
        #expect(sum([1, 2, 3, 4]) == 10)
        #expect(sum([]) == 0)
    }

    @Test(arguments: [[1, 2, 4], [1, 2, 3], [2, 3, 4], []])
    func `A lost message changes the sum`(numbers: [Int]) { #expect(sum(numbers) != 10) }

    @Test(arguments: [[1, 1, 2, 3, 4], [1, 2, 3, 4, 4], [1, 2, 3, 4, 1, 2, 3, 4]])
    func `A duplicated message changes the sum`(numbers: [Int]) { #expect(sum(numbers) != 10) }

    @Test(arguments: [[2, 1, 3, 4], [1, 2, 4, 3], [4, 3, 2, 1]])
    func `A message that overtakes another changes the sum`(numbers: [Int]) { #expect(sum(numbers) != 10) }

    @Test func `The messages of different senders may overtake each other`() {
        var arrivals = [Arrivals](senders: 2)
        for (sender, number) in [(1, 2), (0, 1), (1, 4), (0, 3)] {
            arrivals.note(NumberedMessage(sender: sender, number: number))
        }
        #expect(arrivals.sum == 10)
    }
}
