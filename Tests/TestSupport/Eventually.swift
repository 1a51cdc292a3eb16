// SPDX-License-Identifier: Apache-2.0

/// Returns whether a condition comes true: a thread that is done with an object may still be about to release it.
///
/// Gives up after about ten seconds; no test relies on how long it takes.
package func comesTrue(_ condition: () -> Bool) async throws -> Bool {
    for _ in 0..<10_000 where !condition() { try await Task.sleep(for: .milliseconds(1)) }
    return condition()
}

/// Returns whether an object that is only looked at has been released, or is soon.
package func isReleased(_ object: () -> (any AnyObject)?) async throws -> Bool {
    try await comesTrue { object() == nil }
}
