// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Channel {
    /// Yields until `count` receivers are parked on this channel.
    func waitForReceivers(_ count: Int) async throws {
        while balance > -count { try await Tasklet.schedule() }
    }
}

extension Tasklet {
    /// Yields until no other tasklet is ready, so that nothing of this run leaks into the next.
    static func drain() async throws {
        while runCount > 1 { try await schedule() }
    }
}
