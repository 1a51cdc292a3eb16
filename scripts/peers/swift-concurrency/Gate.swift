// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Holds up tasks until it opens, for all at once.
final class Gate<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var waiting: [UnsafeContinuation<Value, Never>] = []
    }

    private let state = Mutex(State())

    /// Waits until it is open; returns what it was opened with.
    func pass() async -> Value {
        await withUnsafeContinuation { continuation in
            let value = state.withLock { state in
                if state.value == nil { state.waiting.append(continuation) }
                return state.value
            }
            if let value { continuation.resume(returning: value) }
        }
    }

    /// Lets other tasks run until so many wait.
    func reach(_ count: Int) async {
        while state.withLock({ $0.waiting.count }) < count { await Task.yield() }
    }

    /// Lets all pass.
    func open(with value: Value) {
        let waiting = state.withLock { state in
            state.value = value
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: value) }
    }
}
