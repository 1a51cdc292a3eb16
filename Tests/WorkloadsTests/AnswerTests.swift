// SPDX-License-Identifier: Apache-2.0

import Backends
import ParameterValues
import Tasklets
import TestSupport
import Testing
import Workloads

@Suite("Answers")
struct AnswerTests {
    private static let small: [String: ParameterValue] = [
        "messages": 50, "tasklets": 7, "yields": 11, "nodes": 5, "hops": 23, "leaves": 57, "fan-out": 4, "count": 20,
        "connections": 3, "idle": 6, "bytes": 600, "spread": 2, "cancelled": 30,
        "producers": 3, "consumers": 2, "limit": 60, "channels": 3,
        "requests": 6, "levels": 7, "rate": 10_000, "delay": 50, "hogs": 2, "work": 3, "slice": 200,
        "share": 20, "burst": 1, "duration": 10, "style": "tasklets", "place": "tasklet", "soften": "none",
    ]

    @Test("every workload returns its right answer on every backend, twice in a row", arguments: Configuration.all)
    func answers(configuration: Configuration) throws {
        for workload in Workloads.listed {
            try check(workload, Self.small, on: configuration)
        }
    }

    @Test("the smallest parameters work", arguments: Configuration.all)
    func smallest(configuration: Configuration) throws {
        for workload in Workloads.listed {
            let least = workload.parameters.map { ($0.name, $0.smallest) }
            try check(workload, Dictionary(uniqueKeysWithValues: least), on: configuration)
        }
    }

    @Test("a run marks begin and end once, and occupied in between if memory is read")
    func moments() throws {
        for workload in Workloads.listed {
            let observer = RecordingObserver()
            let parameters = Parameters(Self.small)
            _ = try Backend.roundRobin.makeScheduler().run { try await workload.run(parameters, observer) }
            let expected: [Moment] = workload.quantity == .memory ? [.begin, .occupied, .end] : [.begin, .end]
            #expect(observer.moments == expected, "\(workload.name)")
        }
    }

    private func check(_ workload: Workload, _ values: [String: ParameterValue], on configuration: Configuration) throws
    {
        let parameters = Parameters(values)
        if workload.name == "depth", parameters["bytes"] > 0, !configuration.waitsSynchronously {
            #expect(throws: SchedulerError.self) {
                try configuration.makeScheduler().run { try await workload.run(parameters, RecordingObserver()) }
            }
            return
        }
        let answers = try configuration.makeScheduler().run {
            let first = try await workload.run(parameters, RecordingObserver())
            return [first, try await workload.run(parameters, RecordingObserver())]
        }
        #expect(answers == [workload.expected(parameters), workload.expected(parameters)], "\(workload.name)")
    }
}
