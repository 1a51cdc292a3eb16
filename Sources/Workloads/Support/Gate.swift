// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// Where tasklets wait until all of them have started, so that starting them is not measured.
struct Gate: Sendable {
    private let channel = Channel<Void>("gate")

    init() {
        // Who opens the gate keeps running, so that no tasklet goes on before all are in the run queue.
        channel.preference = .none
    }

    /// Waits until the gate opens.
    func wait() async throws { try await channel.receive() }

    /// Yields until `count` tasklets wait at the gate.
    func waitForArrivals(_ count: Int) async throws { try await channel.waitForReceivers(count) }

    /// Lets the first `count` tasklets through, in the order of their arrival.
    func open(for count: Int) async throws {
        for _ in 0..<count { try await channel.send(()) }
    }
}
