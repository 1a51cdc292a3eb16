// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation

/// Calls `body` on a new thread, and waits for it without blocking one of the few threads that tests run on: tasklets
/// may need those, for what they leave to the runtime's own pool.
///
/// Throws ``Hang`` when `body` takes so long that it must have hung; the thread is then left behind, and the other
/// tests continue. No test relies on how long anything takes.
package func onItsOwnThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
        let once = Once(continuation)
        let thread = Thread { once.resume(with: Result(catching: body)) }
        thread.stackSize = 8 << 20
        thread.start()
        once.resume(with: .failure(Hang()), after: .seconds(300))
    }
}

/// A scheduler that did not finish.
package struct Hang: Error {}

/// A continuation that several threads may resume; only the first resumption counts.
private final class Once<R: Sendable>: @unchecked Sendable {
    // SAFETY: both are touched with the lock held.
    private var continuation: CheckedContinuation<R, any Error>?
    private var timer: DispatchWorkItem?
    private let lock = NSLock()

    init(_ continuation: CheckedContinuation<R, any Error>) { self.continuation = continuation }

    func resume(with result: Result<R, any Error>) {
        let continuation = lock.withLock {
            timer?.cancel()
            return self.continuation.take()
        }
        continuation?.resume(with: result)
    }

    func resume(with result: Result<R, any Error>, after delay: DispatchTimeInterval) {
        let item = DispatchWorkItem { self.resume(with: result) }
        lock.withLock { timer = item }
        DispatchQueue.global().asyncAfter(deadline: .now() + delay, execute: item)
    }
}
