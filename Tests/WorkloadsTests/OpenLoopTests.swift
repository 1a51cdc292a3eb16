// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets
import Testing
import Workloads

@Suite("Open loops")
struct OpenLoopTests {
    private static let parameters = Parameters([
        "fan-out": 1, "requests": 200, "rate": 400, "delay": 100, "connections": 1,
    ])
    /// As long as 120 requests are apart.
    private static let stall = 300_000_000

    /// A client that waits for its reply sends nothing meanwhile, so a closed loop would have seen the stall once.
    @Test("a server that stalls is late for all that should have been asked meanwhile, not only for who did ask")
    func stalls() throws {
        let workload = try #require(Workloads.named("fan-out-http"))
        let diary = Diary()
        let answer = try Strategy.all[0].scheduler().run {
            Tasklet.spawn("stall") {
                try await Tasklet.sleep(for: .milliseconds(100))
                // Nobody else has the processor meanwhile.
                usleep(UInt32(Self.stall / 1_000))
            }
            return try await workload.run(Self.parameters, diary)
        }
        #expect(answer == 200)
        let corrected = late(diary.waits(.latency))
        let uncorrected = late(diary.waits(.uncorrected))
        #expect(corrected >= 80)
        #expect((1..<corrected / 2).contains(uncorrected))
    }

    /// How many took a third of the stall and more.
    private func late(_ waits: [UInt64]) -> Int { waits.count { $0 >= Self.stall / 3 } }
}
