// SPDX-License-Identifier: Apache-2.0

/// A message with its sender and its number; each sender's numbers are positive and rise.
struct NumberedMessage: Sendable {
    /// The sender, counted from zero.
    let sender: Int
    /// The number, which no other message of the run has.
    let number: Int
}

/// The numbers that a receiver got from one sender: their sum, which shows what was lost, duplicated or reordered.
struct Arrivals {
    /// The sum; the right one only if every number arrived once and in order.
    private(set) var sum = 0
    private var last = 0

    /// Adds a number that is greater than the previous one, and subtracts any other.
    mutating func note(_ number: Int) {
        sum &+= number > last ? number : -number
        last = number
    }
}

extension [Arrivals] {
    /// Nothing yet from any of several senders.
    init(senders: Int) { self.init(repeating: Arrivals(), count: senders) }

    /// The sum over all senders.
    var sum: Int { reduce(0) { $0 &+ $1.sum } }

    /// Notes a message of one of the senders.
    mutating func note(_ message: NumberedMessage) { self[message.sender].note(message.number) }
}
