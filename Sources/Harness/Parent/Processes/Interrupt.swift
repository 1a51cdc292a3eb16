// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// SIGINT and SIGTERM: the first requests the end of the run, the second ends the process at once.
package enum Interrupt {
    // An atomic, because the signal handler may neither lock nor allocate.
    private static let count = Atomic<Int>(0)

    /// Whether a signal has requested the end.
    package static var isRequested: Bool { count.load(ordering: .relaxed) > 0 }

    /// Installs the signal handlers.
    static func catchSignals() {
        for signal in [SIGINT, SIGTERM] {
            Glibc.signal(signal) { _ in
                if Interrupt.count.add(1, ordering: .relaxed).oldValue > 0 { _exit(ExitStatus.interrupted.rawValue) }
            }
        }
    }

    /// Runs a body, and cancels it when a signal requests the end.
    static func cancelling<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { try await body() }
        let watch = Task {
            while !isRequested { try await Task.sleep(for: .milliseconds(50)) }
            task.cancel()
        }
        defer { watch.cancel() }
        return try await task.value
    }
}
