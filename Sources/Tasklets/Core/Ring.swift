// SPDX-License-Identifier: Apache-2.0
//
// The ring: a circular, doubly linked list of the runnable tasklets, the current one included. "At the end" is right
// before the current one: after everybody else has had a turn. Every operation is O(1) and allocates nothing.
//
// Semantics: Stackless Python, Include/internal/stackless_impl.h, SLP_CHAIN_INSERT and slp_current_insert.

extension UnsafeMutablePointer<SchedulerState> {
    /// Puts a tasklet at the end of the ring.
    @inline(__always) package func append(_ node: NodePointer) {
        pointee.ringCount &+= 1
        guard let current = pointee.current else {
            node.pointee.next = node
            node.pointee.previous = node
            pointee.current = node
            return
        }
        link(node, before: current)
    }

    /// ``append(_:)`` where the ring is known not to be empty, because the caller is in it.
    @inline(__always) package func appendToOthers(_ node: NodePointer) {
        pointee.ringCount &+= 1
        link(node, before: pointee.current.unsafelyUnwrapped)
    }

    /// Puts a tasklet right after the current one: its turn is next.
    @inline(__always) package func insertAfterCurrent(_ node: NodePointer) {
        guard let next = pointee.current?.pointee.next else { return append(node) }
        pointee.ringCount &+= 1
        link(node, before: next)
    }

    /// Takes a tasklet out of the ring.
    ///
    /// If it was the current one, its successor is current then. Its own links are left as they are, for the next list
    /// to overwrite.
    @inline(__always) package func remove(_ node: NodePointer) {
        pointee.ringCount &-= 1
        guard let next = node.pointee.next, let previous = node.pointee.previous, next != node else {
            return pointee.current = nil
        }
        previous.pointee.next = next
        next.pointee.previous = previous
        if pointee.current == node { pointee.current = next }
    }

    /// Takes the current tasklet out of the ring, in which there are others.
    @inline(__always) package func removeCurrent(_ node: NodePointer) {
        let next = node.pointee.next.unsafelyUnwrapped
        let previous = node.pointee.previous.unsafelyUnwrapped
        pointee.ringCount &-= 1
        previous.pointee.next = next
        next.pointee.previous = previous
        pointee.current = next
    }

    /// Takes a tasklet off the runnable ones, because it has to wait or has ended.
    ///
    /// On an unordered scheduler, where running tasklets are in no list, this only counts.
    @inline(__always) package func leaveRing(_ node: NodePointer) {
        if pointee.isOrdered { remove(node) } else { leaveConcurrently(node) }
    }

    @inline(never) private func leaveConcurrently(_ node: NodePointer) {
        pointee.ringCount &-= 1
        if pointee.watchingCount > 0 { pointee.core.wakeWatchers(of: node) }
    }

    @inline(__always) private func link(_ node: NodePointer, before next: NodePointer) {
        // SAFETY: `next` is in the ring, and so has neighbours.
        let previous = next.pointee.previous.unsafelyUnwrapped
        node.pointee.next = next
        node.pointee.previous = previous
        previous.pointee.next = node
        next.pointee.previous = node
    }
}
