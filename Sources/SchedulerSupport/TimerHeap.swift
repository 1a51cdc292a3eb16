// SPDX-License-Identifier: Apache-2.0

package import Tasklets

/// The sleepers of one scheduler, the earliest first: a 4-ary heap whose nodes know their place, so that taking one out
/// is as cheap as putting it in.
///
/// Four children instead of two halve the height, and lie side by side in memory. Go's runtime keeps its timers the
/// same way (runtime/time.go). Of equal deadlines, the one that was inserted first comes first.
package struct TimerHeap {
    private struct Entry {
        var deadline: Deadline
        /// Counts the insertions.
        var order: UInt64
        var node: NodePointer

        static func < (left: Entry, right: Entry) -> Bool {
            left.deadline == right.deadline ? left.order < right.order : left.deadline < right.deadline
        }
    }

    private var heap: [Entry] = []
    private var insertions: UInt64 = 0

    package init() {}

    package var isEmpty: Bool { heap.isEmpty }

    /// The earliest deadline; never, when nobody sleeps.
    package var earliest: Deadline { heap.first?.deadline ?? .never }

    /// Adds a sleeper, whose deadline is set.
    ///
    /// O(log n).
    package mutating func insert(_ node: NodePointer) {
        insertions += 1
        heap.append(Entry(deadline: node.pointee.deadline, order: insertions, node: node))
        siftUp(heap.count - 1)
    }

    /// Takes a sleeper out, if it is in.
    ///
    /// O(log n).
    package mutating func remove(_ node: NodePointer) {
        guard node.pointee.timerIndex >= 0 else { return }
        let index = Int(node.pointee.timerIndex)
        node.pointee.timerIndex = -1
        let last = heap.removeLast()
        guard last.node != node else { return }
        place(last, at: index)
        siftDown(index)
        siftUp(Int(last.node.pointee.timerIndex))
    }

    /// Takes out the earliest sleeper, if its deadline has come.
    package mutating func popDue(at now: Deadline) -> NodePointer? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        remove(first.node)
        return first.node
    }

    /// Wakes all whose deadline has come.
    package mutating func wakeDue(_ core: SchedulerCore) {
        let now = Deadline.now
        while let sleeper = popDue(at: now) { core.wake(sleeper) }
    }

    private mutating func place(_ entry: Entry, at index: Int) {
        heap[index] = entry
        entry.node.pointee.timerIndex = Int32(index)
    }

    private mutating func siftUp(_ start: Int) {
        let entry = heap[start]
        var index = start
        while index > 0 {
            let parent = (index - 1) / 4
            guard entry < heap[parent] else { break }
            place(heap[parent], at: index)
            index = parent
        }
        place(entry, at: index)
    }

    private mutating func siftDown(_ start: Int) {
        let entry = heap[start]
        var index = start
        while let child = earliestChild(of: index), heap[child] < entry {
            place(heap[child], at: index)
            index = child
        }
        place(entry, at: index)
    }

    private func earliestChild(of index: Int) -> Int? {
        let first = 4 * index + 1
        guard first < heap.count else { return nil }
        return (first..<min(first + 4, heap.count)).min { heap[$0] < heap[$1] }
    }
}
