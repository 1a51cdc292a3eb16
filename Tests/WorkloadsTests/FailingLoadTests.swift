// SPDX-License-Identifier: Apache-2.0

import Backends
import ParameterValues
import Tasklets
import TestSupport
import Testing
import Workloads

@Suite struct `A failing load generator` {
    private struct Broken: Error, Equatable {}

    /// When it fails.
    enum Stage: CaseIterable {
        case withoutStarting, connecting, connected
    }

    /// An observer whose load generators fail.
    private struct WithoutLoad: Observer {
        let stage: Stage

        func mark(_ moment: Moment) {}
        func record(_ waits: [UInt64], as series: Series) {}
        func note(_ figure: NamedFigure, _ value: Double) {}

        func load(_ program: LoadProgram) throws -> LoadGenerator {
            switch stage {
            case .withoutStarting: throw Broken()
            case .connecting:
                let load = LoadGenerator {}
                load.reportFailure(Broken())
                return load
            case .connected: return try RecordingObserver(loadFailure: Broken()).load(program)
            }
        }

        func keepingBusy<R>(_ body: () async throws -> R) async throws -> R? { nil }
    }

    @Test(arguments: Configuration.all, Stage.allCases)
    func `The run ends with the error, and no tasklet is left waiting`(
        configuration: Configuration,
        stage: Stage
    ) throws {
        let observer = WithoutLoad(stage: stage)
        let values: [String: ParameterValue] = [
            "connections": 3, "requests": 6, "fan-out": 2, "rate": 1_000, "delay": 50, "hogs": 1, "work": 3,
        ]
        for workload in Workloads.all where workload.isServer {
            let chosen = workload.parameters.map { ($0.name, values[$0.name] ?? $0.quickValue) }
            let parameters = Parameters(Dictionary(uniqueKeysWithValues: chosen))
            #expect(throws: Broken(), "\(workload.name)") {
                try configuration.makeScheduler().run { try await workload.run(parameters, observer) }
            }
        }
    }
}
