// SPDX-License-Identifier: Apache-2.0

import ParameterValues
import Tasklets
import TestSupport
import Testing

@testable import Workloads

@Suite struct `Added latency` {
    @Test func `It is a request's latency less its own longest delay`() {
        let result = LoadResult(right: 3, latency: [2_500_000, 900_000, 7_000_001], uncorrected: [])
        let delays: [Duration] = [.microseconds(2_000), .microseconds(900), .milliseconds(7)]
        #expect(result.latency(beyond: delays) == [500_000, 0, 1])
    }

    @Test func `It is never below zero`() {
        let result = LoadResult(right: 2, latency: [0, 999], uncorrected: [])
        #expect(result.latency(beyond: [.seconds(8), .nanoseconds(1_000)]) == [0, 0])
    }

    @Test func `The longest delay of a request is that of its slowest back end`() {
        for request in 0..<100 {
            let delays = (0..<8).map { FanOutReplies.delay(request, of: $0, mean: 1_000) }
            #expect(FanOutReplies.longestDelay(request, width: 8, mean: 1_000) == delays.max())
            #expect(delays.allSatisfy { (.zero)...(.milliseconds(8)) ~= $0 })
        }
    }

    @Test(arguments: Configuration.all)
    func `Every request records both latencies, and adds no more than it took`(configuration: Configuration) throws {
        let workload = try #require(Workloads.named("fan-out-http"))
        let parameters = Parameters(["fan-out": 3, "requests": 20, "rate": 1_000, "delay": 500, "connections": 4])
        let observer = RecordingObserver()
        _ = try configuration.makeScheduler().run { try await workload.run(parameters, observer) }
        let added = observer.waits(.addedLatency)
        let latency = observer.waits(.latency)
        #expect(added.count == 20 && latency.count == 20)
        #expect(zip(added, latency).allSatisfy { $0 < $1 })
    }
}
