// SPDX-License-Identifier: Apache-2.0

/// A queue, first in, first out, with both ends in amortized constant time.
package struct FIFO<Element> {
    private var incoming: [Element] = []
    /// The oldest elements, the next one last.
    private var outgoing: [Element] = []

    package init() {}

    package var isEmpty: Bool { incoming.isEmpty && outgoing.isEmpty }

    var count: Int { incoming.count + outgoing.count }

    package mutating func append(_ element: Element) { incoming.append(element) }

    mutating func append(contentsOf elements: [Element]) { incoming.append(contentsOf: elements) }

    package mutating func popFirst() -> Element? {
        if outgoing.isEmpty {
            swap(&incoming, &outgoing)
            outgoing.reverse()
        }
        return outgoing.popLast()
    }
}
