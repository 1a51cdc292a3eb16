// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import Tasklets
import Testing

/// The queue whose elements can be removed by ticket.
@Suite struct `A queue with tickets` {
    @Test(arguments: 0..<20)
    func `It does what an array does`(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var queue = TicketQueue<Int>()
        var model: [(element: Int, ticket: TicketQueue<Int>.Ticket)] = []
        for number in 0..<2_000 {
            switch Int.random(in: 0..<6, using: &random) {
            case 0: #expect(queue.popFirst() == (model.isEmpty ? nil : model.removeFirst().element))
            case 1: #expect(queue.popLast() == model.popLast()?.element)
            case 2 where !model.isEmpty:
                let (element, ticket) = model.remove(at: Int.random(in: 0..<model.count, using: &random))
                #expect(queue.remove(ticket) == element)
            default: model.append((number, queue.append(number)))
            }
            #expect(queue.count == model.count)
            #expect(queue.isEmpty == model.isEmpty)
            #expect(queue.first == model.first?.element)
        }
    }

    @Test func `An element leaves only once`() {
        var queue = TicketQueue<String>()
        let first = queue.append("first")
        let second = queue.append("second")
        #expect(queue.popFirst() == "first")
        #expect(queue.remove(first) == nil)
        #expect(queue.remove(second) == "second")
        #expect(queue.remove(second) == nil)
        #expect(queue.popFirst() == nil)
    }

    @Test func `Every operation takes a constant number of steps, from whichever end or middle elements leave`() {
        var queue = TicketQueue<Int>()
        let count = 10_000
        let tickets = (0..<count).map { queue.append($0) }
        for ticket in tickets.dropFirst(10).dropLast().reversed() { queue.remove(ticket) }
        while queue.popFirst() != nil {}
        for number in 0..<count { queue.append(number) }
        while queue.popLast() != nil {}
        #expect(queue.steps <= 4 * count)
    }
}
