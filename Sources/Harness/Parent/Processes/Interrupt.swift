// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Signals that ask the run to end.
///
/// The first is passed on; a second ends the process at once.
enum Interrupt {
    // The handler may only touch what it can reach without locks or memory management: two atomics.
    private static let count = Atomic<Int>(0)

    /// How many such signals there have been.
    static var isRequested: Bool { count.load(ordering: .relaxed) > 0 }

    /// From now on SIGINT and SIGTERM only ask.
    static func catchSignals() {
        for signal in [SIGINT, SIGTERM] {
            Glibc.signal(signal) { _ in
                if Interrupt.count.add(1, ordering: .relaxed).oldValue > 0 { _exit(ExitStatus.interrupted.rawValue) }
            }
        }
    }

    /// Runs a body that is cancelled when a signal asks for the end.
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
