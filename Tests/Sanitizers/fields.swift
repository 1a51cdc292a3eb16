// SPDX-License-Identifier: Apache-2.0
//
// Two threads change different fields of a structure through a pointer, and share no memory. The thread sanitizer
// reports a "Swift access race": it takes a mutating access to a field for one to the structure's first bytes.
//
// swiftc -g -Onone -sanitize=thread fields.swift && ./fields

import Foundation

struct Queue {
    var count = 0
    mutating func append() { count += 1 }
}

struct Node {
    var slot = 0
    var waiters = Queue()
}

nonisolated(unsafe) let node = UnsafeMutablePointer<Node>.allocate(capacity: 1)
node.initialize(to: Node())
let done = DispatchSemaphore(value: 0)
Thread.detachNewThread {
    for _ in 0..<1000 { node.pointee.slot += 1 }
    done.signal()
}
Thread.detachNewThread {
    for _ in 0..<1000 { node.pointee.waiters.append() }
    done.signal()
}
done.wait()
done.wait()
print(node.pointee)
