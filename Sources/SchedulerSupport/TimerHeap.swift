// SPDX-License-Identifier: Apache-2.0

package import Tasklets

/// The deadlines of one scheduler, the earliest first: a 4-ary heap whose nodes know their place, so that removal is as
/// cheap as insertion.
///
/// Four children instead of two halve the height, and lie side by side in memory. Go's runtime keeps its timers the
/// same way (runtime/time.go). Of equal deadlines, the one that was inserted first comes first. A timing wheel inserts
/// in constant time, but rounds deadlines to its ticks, or cascades; and the usual deadline, which is later than most
/// and cancelled before it comes, costs the heap only a comparison or two.
package final class TimerHeap: @unchecked Sendable {
    // SAFETY: a scheduler touches its heap in its own order, or with its lock held.
    private struct Entry {
        var deadline: Deadline
        /// Counts the insertions.
        var order: UInt64
        var node: NodePointer

        static func < (left: Entry, right: Entry) -> Bool {
            left.deadline == right.deadline ? left.order < right.order : left.deadline < right.deadline
        }
    }

    // Memory of its own: an array would be checked, at every step, for being shared and for its bounds.
    private var heap = UnsafeMutablePointer<Entry>.allocate(capacity: 16)
    private var capacity = 16
    private var count = 0
    private var insertions: UInt64 = 0

    package init() {}

    deinit { heap.deallocate() }

    package var isEmpty: Bool { count == 0 }

    /// The earliest deadline; never, when the heap is empty.
    package var earliest: Deadline { isEmpty ? .never : heap[0].deadline }

    /// Adds a tasklet, whose deadline is set.
    ///
    /// O(log n).
    package func insert(_ node: NodePointer) {
        insertions += 1
        if count == capacity { grow() }
        count += 1
        siftUp(Entry(deadline: node.pointee.timer.deadline, order: insertions, node: node), from: count - 1)
    }

    private func grow() {
        let larger = UnsafeMutablePointer<Entry>.allocate(capacity: 2 * capacity)
        larger.moveInitialize(from: heap, count: count)
        heap.deallocate()
        heap = larger
        capacity *= 2
    }

    /// Removes a tasklet, if it is in the heap.
    ///
    /// O(log n).
    package func remove(_ node: NodePointer) {
        guard node.pointee.timer.heapIndex >= 0 else { return }
        let index = Int(node.pointee.timer.heapIndex)
        node.pointee.timer.heapIndex = -1
        count -= 1
        guard index < count else { return }
        // The last one takes its place, and moves to where it belongs.
        let last = heap[count]
        if index > 0, last < heap[(index - 1) / 4] { siftUp(last, from: index) } else { siftDown(last, from: index) }
    }

    /// Removes the earliest tasklet, if its deadline has come.
    package func popDue(at now: Deadline) -> NodePointer? {
        guard !isEmpty, heap[0].deadline <= now else { return nil }
        let node = heap[0].node
        remove(node)
        return node
    }

    /// Wakes every tasklet whose deadline has come.
    package func wakeDue() {
        let now = Deadline.now
        while let node = popDue(at: now) { node.deadlineExpired() }
    }

    private func place(_ entry: Entry, at index: Int) {
        (heap + index).initialize(to: entry)
        entry.node.pointee.timer.heapIndex = Int32(index)
    }

    private func siftUp(_ entry: Entry, from start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 4
            guard entry < heap[parent] else { break }
            place(heap[parent], at: index)
            index = parent
        }
        place(entry, at: index)
    }

    private func siftDown(_ entry: Entry, from start: Int) {
        var index = start
        while 4 * index + 1 < count {
            let child = earliestChild(of: index)
            guard heap[child] < entry else { break }
            place(heap[child], at: index)
            index = child
        }
        place(entry, at: index)
    }

    private func earliestChild(of index: Int) -> Int {
        let first = 4 * index + 1
        var earliest = first
        for child in first + 1..<max(first + 1, min(first + 4, count)) where heap[child] < heap[earliest] {
            earliest = child
        }
        return earliest
    }
}
