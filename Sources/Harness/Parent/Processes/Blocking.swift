// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Calls asynchronous code from a synchronous function.
package enum Blocking {
    /// Runs a body and blocks the calling thread until it returns.
    package static func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let outcome = Outcome<Value>()
        let finished = DispatchSemaphore(value: 0)
        Task.detached {
            await outcome.fill(with: body)
            finished.signal()
        }
        finished.wait()
        return try outcome.get()
    }

    private final class Outcome<Value: Sendable>: Sendable {
        private let result = Mutex<Result<Value, any Error>?>(nil)

        func fill(with body: @Sendable () async throws -> Value) async {
            let value: Result<Value, any Error>
            do { value = .success(try await body()) } catch { value = .failure(error) }
            result.withLock { $0 = value }
        }

        func get() throws -> Value {
            guard let result = result.withLock({ $0 }) else { throw CancellationError() }
            return try result.get()
        }
    }
}
