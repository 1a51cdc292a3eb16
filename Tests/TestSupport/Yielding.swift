// SPDX-License-Identifier: Apache-2.0

package import Tasklets

/// Yields until the condition holds.
///
/// The caller stays runnable all the while, so a test can keep a tasklet in that state where several run at once, too.
package func yieldUntil(_ condition: () -> Bool) async throws {
    while !condition() { try await Tasklet.schedule() }
}

extension Tasklet {
    /// The tasklet's state in words: `alive blocked`, say, and empty when it has ended.
    package var flags: String {
        let flags = [(isAlive, "alive"), (isRunnable, "runnable"), (isBlocked, "blocked"), (isPaused, "paused")]
        return flags.filter(\.0).map(\.1).joined(separator: " ")
    }
}
