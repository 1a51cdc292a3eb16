// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Tasklets

/// Runs `body` on a thread of its own, which has a short stack and may block.
///
/// Blocks the caller until `body` returns.
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
