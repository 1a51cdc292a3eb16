// SPDX-License-Identifier: Apache-2.0

import Backends
import Harness
import ParameterValues
import Reports
import Tasklets
import Workloads

/// The names that the command line accepts.
struct Catalogue: Codable, Equatable {
    /// A kind of load, and what it tells about a scheduler.
    struct LoadEntry: Codable, Equatable {
        /// Its name in `--load`.
        var name: String
        /// What it tells.
        var summary: String
        /// The names of its workloads.
        var workloads: [String]
    }

    struct WorkloadEntry: Codable, Equatable {
        var name: String
        /// The kind of load that it belongs to.
        var load: String?
        var summary: String
        var metric: String
        var operation: String
        var parameters: [ParameterEntry]
        /// What is measured where none of what these vary is set; nil for every combination of the values above.
        var combinations: [[String: ParameterValue]]?
    }

    struct ParameterEntry: Codable, Equatable {
        var name: String
        var summary: String
        var standard: ParameterValue
        var quick: ParameterValue
        /// The values that are measured where none is set; nil for the one above.
        var sweep: [ParameterValue]?
        /// The least number that is allowed; nil for a parameter that is a word.
        var least: Int?
        /// The greatest number that is allowed; nil for a parameter that is a word.
        var most: Int?
        /// The words that are allowed; nil for a parameter that is a number.
        var choices: [String]?

        init(_ parameter: Parameter) {
            name = parameter.name
            summary = parameter.summary
            standard = parameter.defaultValue
            quick = parameter.quickValue
            sweep = parameter.sweep.isEmpty ? nil : parameter.sweep
            switch parameter.domain {
            case .numbers(let range): (least, most) = (range.lowerBound, range.upperBound)
            case .words(let words): choices = words
            }
        }

        /// What is allowed.
        var domain: String {
            choices.map { "one of \($0.joined(separator: ", "))" } ?? "\(least ?? 0) to \(most ?? 0)"
        }
    }

    struct BackendEntry: Codable, Equatable {
        var name: String
        /// The supported switchings; the first is the default.
        var switchings: [String]
    }

    var loads: [LoadEntry]
    var workloads: [WorkloadEntry]
    var backends: [BackendEntry]
    /// The peers that the package has; some may lack what they are built with.
    var peers: [String]

    /// The catalogue of this build.
    static var current: Catalogue {
        Catalogue(
            loads: LoadKind.allCases.map { kind in
                LoadEntry(name: kind.rawValue, summary: kind.summary, workloads: kind.workloads)
            },
            workloads: Workloads.listed.map(entry),
            backends: Backend.allCases.map { backend in
                BackendEntry(name: backend.rawValue, switchings: backend.switchings.map(\.rawValue))
            },
            peers: Peers.names
        )
    }

    /// The catalogue as text.
    var text: String {
        let kinds = loads.map { load in
            let own = load.workloads.compactMap { name in workloads.first { $0.name == name } }
            return "\n\(load.name): \(load.summary)\n" + own.map(Self.text).joined()
        }
        let experiments = workloads.filter { $0.load == nil }
        let backends = backends.map { "  \($0.name): \($0.switchings.joined(separator: ", "))\n" }
        return "Workloads by kind of load (--load KIND,...), with their parameters (--set NAME=VALUE[,VALUE...]):\n"
            + kinds.joined()
            + "\nexperiments: What switching costs, and when; run by name\n" + experiments.map(Self.text).joined()
            + "\nBackends, with their switchings (the first is the default):\n" + backends.joined()
            + "\nPeers (--peers NAME,...): \(peers.isEmpty ? "not found" : peers.joined(separator: ", "))"
    }

    private static func text(_ workload: WorkloadEntry) -> String {
        "  \(workload.name): \(workload.summary)\n" + workload.parameters.map(line).joined()
            + combinations(workload)
    }

    private static func line(_ parameter: ParameterEntry) -> String {
        let values = parameter.sweep ?? [parameter.standard]
        let standard = values.map(\.description).joined(separator: ",")
        return "    \(parameter.name)=\(standard)  \(parameter.summary), \(parameter.domain)\n"
    }

    private static func combinations(_ workload: WorkloadEntry) -> String {
        guard let combinations = workload.combinations else { return "" }
        let lines = combinations.map { combination in
            "      " + combination.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
                + "\n"
        }
        return "    measured where none of these is set:\n" + lines.joined()
    }

    private static func entry(_ workload: Workload) -> WorkloadEntry {
        WorkloadEntry(
            name: workload.name,
            load: LoadKind(ofWorkload: workload.name)?.rawValue,
            summary: workload.summary,
            metric: workload.metric,
            operation: workload.operation,
            parameters: workload.parameters.map(ParameterEntry.init),
            combinations: workload.combinations.isEmpty ? nil : workload.combinations
        )
    }
}
