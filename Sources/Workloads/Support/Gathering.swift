// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Channel {
    /// Yields until as many tasklets are parked on this channel as receivers.
    func waitForReceivers(_ count: Int) async throws {
        while balance > -count { try await Tasklet.schedule() }
    }
}

extension Tasklet {
    /// Yields until no other tasklet can run, so that nothing of this run leaks into the next one.
    static func drain() async throws {
        while runCount > 1 { try await schedule() }
    }
}
