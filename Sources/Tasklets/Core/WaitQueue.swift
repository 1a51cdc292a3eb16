// SPDX-License-Identifier: Apache-2.0

/// A first-in-first-out queue of nodes, linked through them.
///
/// Every operation is O(1) and allocates nothing.
@usableFromInline
package struct WaitQueue {
    @usableFromInline package internal(set) var first: NodePointer?
    private var last: NodePointer?

    package init() {}

    @inline(__always) package mutating func append(_ node: NodePointer) {
        node.pointee.next = nil
        node.pointee.previous = last
        if let last { last.pointee.next = node } else { first = node }
        last = node
    }

    @inline(__always) package mutating func popFirst() -> NodePointer? {
        guard let node = first else { return nil }
        let next = node.pointee.next
        first = next
        // Its successor's link back is left as it is; `remove` does not follow it for the first.
        if next == nil { last = nil }
        return node
    }

    package var isEmpty: Bool { first == nil }

    package mutating func remove(_ node: NodePointer) {
        let next = node.pointee.next
        let previous = node == first ? nil : node.pointee.previous
        if let previous { previous.pointee.next = next } else { first = next }
        if let next { next.pointee.previous = previous } else { last = previous }
    }
}
