// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation

/// A thread that no scheduler knows: it does what it is told, one thing after the other, until nobody holds it any more.
final class ForeignThread: Sendable {
    private let queue = WorkQueue()

    init() {
        let thread = Thread { [queue] in while let work = queue.next() { work() } }
        thread.start()
    }

    deinit { queue.close() }

    /// Does it some time later.
    func start(_ work: @escaping @Sendable () -> Void) { queue.append(work) }

    /// Does it, and returns when it is done; the caller's thread waits meanwhile.
    func perform(_ work: @escaping @Sendable () -> Void) {
        let isDone = DispatchSemaphore(value: 0)
        queue.append {
            work()
            isDone.signal()
        }
        isDone.wait()
    }
}

/// What is still to be done.
private final class WorkQueue: @unchecked Sendable {
    // SAFETY: both are touched with the condition's lock held.
    private var work: [@Sendable () -> Void] = []
    private var isClosed = false
    private let condition = NSCondition()

    func append(_ one: @escaping @Sendable () -> Void) {
        condition.withLock { work.append(one) }
        condition.signal()
    }

    func close() {
        condition.withLock { isClosed = true }
        condition.signal()
    }

    /// Waits for something to do; nil when there is nothing left, and nothing will come.
    func next() -> (@Sendable () -> Void)? {
        condition.withLock {
            while work.isEmpty, !isClosed { condition.wait() }
            return work.isEmpty ? nil : work.removeFirst()
        }
    }
}

/// Lets a little time pass, in which nothing is waited for: races are to be seen in all orders.
@inline(never) func spin(_ rounds: Int) {
    for round in 0..<rounds { withUnsafePointer(to: round) { _ = $0.pointee } }
}

/// Holds threads back until it is opened.
final class Gate: Sendable {
    private let isOpen = DispatchSemaphore(value: 0)

    func open() { isOpen.signal() }

    /// Waits until it is open, and leaves it so.
    func wait() {
        isOpen.wait()
        isOpen.signal()
    }
}
