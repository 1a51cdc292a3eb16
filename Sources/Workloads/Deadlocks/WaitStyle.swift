// SPDX-License-Identifier: Apache-2.0

internal import Callbacks
internal import Tasklets

/// How a tasklet waits for a callback.
public enum WaitStyle: String, CaseIterable, Sendable {
    /// Armstrong's `blockOn`.
    case classic
    /// `blockOn` with a look before it waits, and room for the value.
    case checked
    /// A one-shot.
    case oneShot = "one-shot"

    /// Waits in asynchronous code.
    func wait<Value: Sendable>(for deferred: Deferred<Value>) async throws -> Value {
        switch self {
        case .classic: try await deferred.blockOn(.classic)
        case .checked: try await deferred.blockOn(.checked)
        case .oneShot: try await deferred.value()
        }
    }

    /// Waits in synchronous code.
    @available(*, noasync)
    func waitHere<Value: Sendable>(for deferred: Deferred<Value>) throws -> Value {
        switch self {
        case .classic: try deferred.blockOn(.classic)
        case .checked: try deferred.blockOn(.checked)
        case .oneShot: try deferred.value()
        }
    }

    /// Adds the callback, and returns what waits.
    func begin<Value: Sendable>(_ deferred: Deferred<Value>) throws -> @Sendable () async throws -> Value {
        switch self {
        case .classic: try beginBlockOn(deferred, .classic)
        case .checked: try beginBlockOn(deferred, .checked)
        case .oneShot: try beginOneShot(deferred)
        }
    }

    private func beginBlockOn<Value: Sendable>(
        _ deferred: Deferred<Value>,
        _ style: BlockOnStyle
    ) throws -> @Sendable () async throws -> Value {
        let wait = try BlockOn(deferred, style)
        return { try await wait.receive() }
    }

    private func beginOneShot<Value: Sendable>(
        _ deferred: Deferred<Value>
    ) throws -> @Sendable () async throws -> Value {
        let oneShot = try deferred.oneShot()
        return { try await oneShot.value() }
    }

    /// What a report says that a tasklet waits for which waits for a deferred of that name.
    func waitsFor(_ name: String) -> String {
        self == .oneShot ? "deferred '\(name)'" : "a sender on channel 'blockOn \(name)'"
    }
}
