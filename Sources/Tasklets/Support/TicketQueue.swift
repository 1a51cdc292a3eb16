// SPDX-License-Identifier: Apache-2.0

/// A queue from which any element can be removed, by the ticket that it got when it was appended.
///
/// Elements are kept by ticket, and tickets are numbered in order. A removed element leaves a gap, which the next pop
/// at that end passes over; every ticket is passed over once at most, so that all operations take constant time,
/// averaged over the life of the queue, and memory for the present elements only. An array would move half of itself
/// for every removal.
package struct TicketQueue<Element> {
    /// The place of an element; void once the element has left the queue.
    package struct Ticket: Hashable, Sendable { fileprivate let number: Int }

    private var elements: [Int: Element] = [:]
    /// The number of the first ticket that may be in use, and that of the next one.
    private var start = 0
    private var end = 0
    /// How many tickets have been looked at so far, from which a test sees that the operations take constant time.
    package private(set) var steps = 0

    package init() {}

    package var isEmpty: Bool { elements.isEmpty }

    package var count: Int { elements.count }

    /// Adds an element at the end.
    @discardableResult package mutating func append(_ element: Element) -> Ticket {
        defer { end += 1 }
        elements[end] = element
        return Ticket(number: end)
    }

    /// The element at the front.
    package var first: Element? {
        mutating get {
            skipGaps()
            return elements[start]
        }
    }

    /// Removes the element at the front; nil where the queue is empty.
    package mutating func popFirst() -> Element? {
        skipGaps()
        guard !elements.isEmpty else { return nil }
        defer { start += 1 }
        return elements.removeValue(forKey: start)
    }

    /// Removes the element at the end; nil where the queue is empty.
    package mutating func popLast() -> Element? {
        guard !elements.isEmpty else { return nil }
        while true {
            steps += 1
            end -= 1
            if let element = elements.removeValue(forKey: end) { return element }
        }
    }

    /// Removes an element, wherever it is; nil where it has left the queue.
    @discardableResult package mutating func remove(_ ticket: Ticket) -> Element? {
        steps += 1
        return elements.removeValue(forKey: ticket.number)
    }

    private mutating func skipGaps() {
        while !elements.isEmpty {
            steps += 1
            if elements[start] != nil { return }
            start += 1
        }
        start = end
    }
}

extension TicketQueue: Sendable where Element: Sendable {}
