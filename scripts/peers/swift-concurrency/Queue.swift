// SPDX-License-Identifier: Apache-2.0

/// First in, first out.
struct Queue<Element> {
    private var elements: [Element?] = []
    /// Where the first one is; those before it have been removed.
    private var first = 0

    mutating func append(_ element: Element) { elements.append(element) }

    /// Removes the first one.
    mutating func removeFirst() -> Element? {
        while first < elements.count {
            defer { skipFirst() }
            if let element = elements[first] { return element }
        }
        return nil
    }

    /// Removes the first one that is like this.
    mutating func removeFirst(where isLike: (Element) -> Bool) -> Element? {
        for index in first..<elements.count {
            if let element = elements[index], isLike(element) {
                elements[index] = nil
                return element
            }
        }
        return nil
    }

    private mutating func skipFirst() {
        elements[first] = nil
        first += 1
        guard first == elements.count else { return }
        elements.removeAll(keepingCapacity: true)
        first = 0
    }
}
