// SPDX-License-Identifier: Apache-2.0

import ParameterValues
import Tasklets
import TestSupport
import Testing

@testable import Workloads

@Suite struct `A chat room` {
    @Test(arguments: Configuration.all)
    func `Every message is delivered to every client, and its latency recorded`(configuration: Configuration) throws {
        let workload = try #require(Workloads.named("chat"))
        let parameters = Parameters(["connections": 5, "messages": 4])
        let observer = RecordingObserver()
        let answer = try configuration.makeScheduler().run { try await workload.run(parameters, observer) }
        // Each of five clients receives the messages 1 to 20.
        #expect(answer == 5 * 210)
        #expect(observer.waits(.latency).count == 100)
        #expect(observer.waits(.latency).allSatisfy { $0 > 0 })
    }
}
