// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Tasklets

/// Runs `body` on a thread that nothing else is on: with a short stack below it, and one that may block.
///
/// Blocks the caller until it is over.
func onPlainThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) throws -> R {
    let outcome = Guarded<Result<R, any Error>?>(nil)
    let isOver = DispatchSemaphore(value: 0)
    let error = DetachedThread.start {
        let result = Result(catching: body)
        outcome.withLock { $0 = result }
        isOver.signal()
    }
    guard error == nil else { throw NoThread() }
    isOver.wait()
    guard let result = outcome.withLock({ $0 }) else { throw NoThread() }
    return try result.get()
}

private struct NoThread: Error {}
