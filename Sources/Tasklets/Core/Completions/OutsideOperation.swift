// SPDX-License-Identifier: Apache-2.0

/// An operation that something outside the scheduler performs: another thread, say.
package final class OutsideOperation: @unchecked Sendable {
    // SAFETY: touched in the scheduler's order, with its lock held.
    private let queue: CompletionQueue
    /// Nil once it is about to be freed.
    var operation: UnsafeMutablePointer<OutstandingOperation>?

    fileprivate init(_ queue: CompletionQueue) { self.queue = queue }

    /// It has completed; from any thread, and without effect when it has ended.
    package func complete() { queue.complete(self) }
}

extension CompletionQueue {
    /// Begins an operation that something outside the scheduler performs, until that says that it has completed.
    ///
    /// From a tasklet of the scheduler, at home.
    ///
    /// - Throws: what the queue was failed with.
    package func beginOutside(_ finish: @escaping Finish) throws -> OutsideOperation {
        try checkMayBegin()
        let outside = OutsideOperation(self)
        let operation = make(on: nil, until: .never, finish)
        operation.pointee.outside = outside
        state.withLock {
            outside.operation = operation
            wait(operation)
        }
        return outside
    }

    /// Something outside the scheduler has done what it was to do; unless the operation has failed before.
    fileprivate func complete(_ outside: OutsideOperation) {
        core.runner.perform { [self] in
            guard let operation = outside.operation, operation.node.pointee.state == .outstanding else { return }
            core.complete(operation.node, isComplete: true)
        }
    }
}
