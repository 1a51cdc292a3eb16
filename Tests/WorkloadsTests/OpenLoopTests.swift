// SPDX-License-Identifier: Apache-2.0

import Backends
import Glibc
import ParameterValues
import Tasklets
import Testing
import Workloads

@Suite("Open loops")
struct OpenLoopTests {
    private static let parameters = Parameters([
        "fan-out": 1, "requests": 200, "rate": 400, "delay": 100, "connections": 1,
    ])
    /// The time of 120 requests.
    private static let stall = 300_000_000

    /// A client waiting for a reply sends nothing, so a closed loop would see the stall only once.
    @Test("a stall counts for every request scheduled during it, not only for those sent")
    func stalls() throws {
        let workload = try #require(Workloads.named("fan-out-http"))
        let observer = RecordingObserver()
        let answer = try Backend.roundRobin.makeScheduler().run {
            Tasklet.spawn("stall") {
                try await Tasklet.sleep(for: .milliseconds(100))
                // Blocks the only thread.
                usleep(UInt32(Self.stall / 1_000))
            }
            return try await workload.run(Self.parameters, observer)
        }
        #expect(answer == 200)
        let corrected = late(observer.waits(.latency))
        let uncorrected = late(observer.waits(.uncorrected))
        #expect(corrected >= 80)
        #expect((1..<corrected / 2).contains(uncorrected))
    }

    /// How many took at least a third of the stall.
    private func late(_ waits: [UInt64]) -> Int { waits.count { $0 >= Self.stall / 3 } }
}
