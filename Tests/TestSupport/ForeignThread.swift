// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation

/// A thread that no scheduler knows: it does its work in order, until no reference to it is left.
package final class ForeignThread: Sendable {
    private let queue = WorkQueue()

    package init() {
        let thread = Thread { [queue] in while let work = queue.next() { work() } }
        thread.start()
    }

    deinit { queue.close() }

    /// Does the work some time later.
    package func start(_ work: @escaping @Sendable () -> Void) { queue.append(work) }

    /// Does the work, and returns when it is done; the caller's thread waits meanwhile.
    package func perform(_ work: @escaping @Sendable () -> Void) {
        let isDone = DispatchSemaphore(value: 0)
        queue.append {
            work()
            isDone.signal()
        }
        isDone.wait()
    }
}

/// The remaining work.
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

    /// Waits for work; nil when none is left, and none can be added.
    func next() -> (@Sendable () -> Void)? {
        condition.withLock {
            while work.isEmpty, !isClosed { condition.wait() }
            return work.isEmpty ? nil : work.removeFirst()
        }
    }
}

/// Spins for a short time, so that races happen in all orders.
@inline(never) package func spin(_ rounds: Int) {
    for round in 0..<rounds { withUnsafePointer(to: round) { _ = $0.pointee } }
}

/// Holds threads back until it is opened.
package final class Gate: Sendable {
    private let isOpen = DispatchSemaphore(value: 0)

    package init() {}

    package func open() { isOpen.signal() }

    /// Waits until it is open, and leaves it open.
    package func wait() {
        isOpen.wait()
        isOpen.signal()
    }
}
