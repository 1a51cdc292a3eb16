// SPDX-License-Identifier: Apache-2.0

import Backends
import Tasklets
import Workloads

/// The names that the command line accepts.
struct Catalogue: Codable, Equatable {
    struct WorkloadEntry: Codable, Equatable {
        var name: String
        var summary: String
        var metric: String
        var operation: String
        var parameters: [ParameterEntry]
    }

    struct ParameterEntry: Codable, Equatable {
        var name: String
        var summary: String
        var standard: Int
        var quick: Int
        var least: Int
        var most: Int
    }

    struct BackendEntry: Codable, Equatable {
        var name: String
        /// The supported switchings; the first is the default.
        var switchings: [String]
    }

    var workloads: [WorkloadEntry]
    var backends: [BackendEntry]

    /// The catalogue of this build.
    static var current: Catalogue {
        Catalogue(
            workloads: Workloads.all.map(entry),
            backends: Backend.allCases.map { backend in
                BackendEntry(name: backend.rawValue, switchings: backend.switchings.map(\.rawValue))
            }
        )
    }

    /// The catalogue as text.
    var text: String {
        let workloads = workloads.map { workload in
            "  \(workload.name): \(workload.summary)\n" + workload.parameters.map(Self.line).joined()
        }
        let backends = backends.map { "  \($0.name): \($0.switchings.joined(separator: ", "))\n" }
        return "Workloads, with their parameters (--set NAME=VALUE[,VALUE...]):\n" + workloads.joined()
            + "\nBackends, with their switchings (the first is the default):\n" + backends.joined().dropLast()
    }

    private static func line(_ parameter: ParameterEntry) -> String {
        "    \(parameter.name)=\(parameter.standard)  \(parameter.summary), \(parameter.least) to \(parameter.most)\n"
    }

    private static func entry(_ workload: Workload) -> WorkloadEntry {
        WorkloadEntry(
            name: workload.name,
            summary: workload.summary,
            metric: workload.metric,
            operation: workload.operation,
            parameters: workload.parameters.map { parameter in
                ParameterEntry(
                    name: parameter.name,
                    summary: parameter.summary,
                    standard: parameter.defaultValue,
                    quick: parameter.quickValue,
                    least: parameter.range.lowerBound,
                    most: parameter.range.upperBound
                )
            }
        )
    }
}
