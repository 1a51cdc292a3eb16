// SPDX-License-Identifier: Apache-2.0

/// Returns whether `object` becomes nil: the thread that last used an object may still be about to release it.
///
/// Gives up after about ten seconds; no test relies on how long it takes.
package func isReleased(_ object: () -> (any AnyObject)?) async throws -> Bool {
    for _ in 0..<10_000 where object() != nil { try await Task.sleep(for: .milliseconds(1)) }
    return object() == nil
}
