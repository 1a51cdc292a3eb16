// SPDX-License-Identifier: Apache-2.0
//
// The two queues that a node can be linked into. A node is in at most one of them at a time, and both use the same
// links; every operation is O(1) and allocates nothing.

/// The runnable tasklets of an ordered scheduler: a circular, doubly linked list that the current tasklet is a member
/// of.
///
/// The end of the queue is right before the current tasklet: after every other tasklet has had a turn. `current` is nil
/// only when the queue is empty.
///
/// Semantics: Stackless Python, Include/internal/stackless_impl.h, SLP_CHAIN_INSERT and slp_current_insert.
@usableFromInline
package struct RunQueue {
    /// The tasklet whose turn it is.
    @usableFromInline package var current: NodePointer?
    @usableFromInline package private(set) var count = 0

    package init() {}

    /// Adds a tasklet at the end.
    @inline(__always) package mutating func append(_ node: NodePointer) {
        count &+= 1
        guard let current else {
            node.pointee.next = node
            node.pointee.previous = node
            current = node
            return
        }
        link(node, before: current)
    }

    /// ``append(_:)`` by a member of the queue, which therefore is not empty.
    @inline(__always) package mutating func appendToOthers(_ node: NodePointer) {
        count &+= 1
        link(node, before: current.unsafelyUnwrapped)
    }

    /// Adds a tasklet right after the current one, which is in the queue, and makes it the current one.
    @inline(__always) package mutating func insertNext(_ node: NodePointer) {
        count &+= 1
        let previous = current.unsafelyUnwrapped
        let next = previous.pointee.next.unsafelyUnwrapped
        node.pointee.next = next
        node.pointee.previous = previous
        previous.pointee.next = node
        next.pointee.previous = node
        current = node
    }

    /// Takes the current tasklet out, while there are others: its successor is current then.
    @inline(__always) package mutating func removeCurrent(_ node: NodePointer) {
        let next = node.pointee.next.unsafelyUnwrapped
        let previous = node.pointee.previous.unsafelyUnwrapped
        count &-= 1
        previous.pointee.next = next
        next.pointee.previous = previous
        current = next
    }

    /// Takes a tasklet out.
    ///
    /// Where it was the current one, its successor is current then. Its own links are left as they are, for the next
    /// queue to overwrite.
    @inline(__always) package mutating func remove(_ node: NodePointer) {
        count &-= 1
        guard let next = node.pointee.next, let previous = node.pointee.previous, next != node else {
            return current = nil
        }
        previous.pointee.next = next
        next.pointee.previous = previous
        if current == node { current = next }
    }

    /// Ends a tasklet's turn: its successor is current.
    @inline(__always) package mutating func rotate(from node: NodePointer) { current = node.pointee.next }

    @inline(__always) private func link(_ node: NodePointer, before next: NodePointer) {
        // SAFETY: `next` is in the queue, and so has neighbours.
        let previous = next.pointee.previous.unsafelyUnwrapped
        node.pointee.next = next
        node.pointee.previous = previous
        previous.pointee.next = node
        next.pointee.previous = node
    }
}

/// A first-in-first-out queue of tasklets that wait for the same thing.
@usableFromInline
package struct WaitQueue {
    @usableFromInline package private(set) var first: NodePointer?
    private var last: NodePointer?

    package init() {}

    package var isEmpty: Bool { first == nil }

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

    package mutating func remove(_ node: NodePointer) {
        let next = node.pointee.next
        let previous = node == first ? nil : node.pointee.previous
        if let previous { previous.pointee.next = next } else { first = next }
        if let next { next.pointee.previous = previous } else { last = previous }
    }
}
