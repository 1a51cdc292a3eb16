// SPDX-License-Identifier: Apache-2.0

/// The tasklets of a scheduler that are alive, in a doubly linked list through their nodes, the youngest first.
package struct Roster {
    /// The main tasklet, until it has ended.
    package var main: NodePointer?
    package private(set) var count = 0
    /// The tasklets that run callbacks of operations; see ``CompletionQueue``.
    var reactors: [NodePointer] = []
    private var youngest: NodePointer?
    private(set) var lastID: UInt64 = 0
    /// How many tasklets that had started were given up, because they would not end.
    private(set) var givenUpCount = 0

    mutating func add(_ node: NodePointer) {
        node.pointee.nextAlive = youngest
        youngest?.pointee.previousAlive = node
        youngest = node
        count &+= 1
    }

    mutating func remove(_ node: NodePointer) {
        let next = node.pointee.nextAlive
        let previous = node.pointee.previousAlive
        next?.pointee.previousAlive = previous
        if let previous { previous.pointee.nextAlive = next } else { youngest = next }
        node.pointee.nextAlive = nil
        node.pointee.previousAlive = nil
        count -= 1
        if node == main { main = nil }
    }

    /// Removes a tasklet that will never end.
    mutating func giveUp(_ node: NodePointer) {
        remove(node)
        if node.pointee.resumption != .fresh { givenUpCount += 1 }
    }

    mutating func nextID() -> UInt64 {
        lastID &+= 1
        return lastID
    }

    /// Every tasklet that is alive, the oldest first.
    var nodes: [NodePointer] {
        var nodes: [NodePointer] = []
        nodes.reserveCapacity(count)
        var next = youngest
        while let node = next {
            nodes.append(node)
            next = node.pointee.nextAlive
        }
        return nodes.reversed()
    }
}

/// How many tasklets wait for something that another tasklet need not provide.
///
/// While any does, a scheduler with an empty run queue is idle and not deadlocked.
package struct PendingWaits {
    /// Tasklets with a deadline, whatever else they wait for.
    package var deadlines = 0
    /// Tasklets that wait for a one-shot value, which any thread may store.
    package var oneShots = 0
    /// I/O operations that have to wait, of tasklets and outstanding ones.
    package var operations = 0
    /// Tasklets that the Swift runtime has suspended and will resume.
    package var suspensions = 0

    package var isEmpty: Bool { deadlines | oneShots | operations | suspensions == 0 }
}
