// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// Gives way to others until the condition holds.
///
/// The caller stays runnable all the while: so a test can hold a tasklet in that state, also where several run at once.
func yieldUntil(_ condition: () -> Bool) async throws {
    while !condition() { try await Tasklet.schedule() }
}

extension Tasklet {
    /// What the tasklet says of itself, in words: `alive blocked`, say, and nothing when it has ended.
    var flags: String {
        let flags = [(isAlive, "alive"), (isRunnable, "runnable"), (isBlocked, "blocked"), (isPaused, "paused")]
        return flags.filter(\.0).map(\.1).joined(separator: " ")
    }
}
