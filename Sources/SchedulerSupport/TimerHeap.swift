// SPDX-License-Identifier: Apache-2.0

package import Tasklets

/// The sleepers of one scheduler, the earliest first: a 4-ary heap whose nodes know their place, so that taking one out
/// is as cheap as putting it in.
///
/// Four children instead of two halve the height, and lie side by side in memory. Go's runtime keeps its timers the
/// same way (runtime/time.go).
package struct TimerHeap {
    private var heap: [NodePointer] = []

    package init() {}

    package var isEmpty: Bool { heap.isEmpty }

    /// The earliest deadline; never, when nobody sleeps.
    package var earliest: Deadline { heap.first?.pointee.deadline ?? .never }

    /// Adds a sleeper, whose deadline is set.
    ///
    /// O(log n).
    package mutating func insert(_ node: NodePointer) {
        heap.append(node)
        siftUp(heap.count - 1)
    }

    /// Takes a sleeper out.
    ///
    /// O(log n).
    package mutating func remove(_ node: NodePointer) {
        let index = Int(node.pointee.timerIndex)
        node.pointee.timerIndex = -1
        let last = heap.removeLast()
        guard last != node else { return }
        place(last, at: index)
        siftDown(index)
        siftUp(Int(last.pointee.timerIndex))
    }

    /// Takes out the earliest sleeper, if its deadline has come.
    package mutating func popDue(at now: Deadline) -> NodePointer? {
        guard let first = heap.first, first.pointee.deadline <= now else { return nil }
        remove(first)
        return first
    }

    /// Wakes all whose deadline has come.
    package mutating func wakeDue(_ core: SchedulerCore) {
        let now = Deadline.now
        while let sleeper = popDue(at: now) { core.wake(sleeper) }
    }

    private mutating func place(_ node: NodePointer, at index: Int) {
        heap[index] = node
        node.pointee.timerIndex = Int32(index)
    }

    private mutating func siftUp(_ start: Int) {
        let node = heap[start]
        var index = start
        while index > 0 {
            let parent = (index - 1) / 4
            guard node.pointee.deadline < heap[parent].pointee.deadline else { break }
            place(heap[parent], at: index)
            index = parent
        }
        place(node, at: index)
    }

    private mutating func siftDown(_ start: Int) {
        let node = heap[start]
        var index = start
        while let child = earliestChild(of: index), heap[child].pointee.deadline < node.pointee.deadline {
            place(heap[child], at: index)
            index = child
        }
        place(node, at: index)
    }

    private func earliestChild(of index: Int) -> Int? {
        let first = 4 * index + 1
        guard first < heap.count else { return nil }
        return (first..<min(first + 4, heap.count)).min { heap[$0].pointee.deadline < heap[$1].pointee.deadline }
    }
}
