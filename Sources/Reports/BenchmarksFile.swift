// SPDX-License-Identifier: Apache-2.0

import Measurement

/// `benchmarks.txt`: the headline metrics of every process in Go's benchmark format, which `benchstat -col /backend`
/// reads.
///
/// The format: https://golang.org/design/14313-benchmark-format. A name ends with the switching: a number behind a last
/// dash would be read as GOMAXPROCS.
package enum BenchmarksFile {
    /// The text of the file, in the order of the trials.
    package static func text(_ report: RunReport) -> String {
        let lines = report.samples.flatMap { sample in
            let record = sample.record
            return record.status.hasFigures && !record.trial.isCounting ? line(record, sample.measures) : []
        }
        return heading(report.environment) + lines.joined()
    }

    private static func heading(_ environment: EnvironmentRecord) -> String {
        let architectures = ["x86_64": "amd64", "aarch64": "arm64"]
        return """
            goos: linux
            goarch: \(architectures[environment.architecture] ?? environment.architecture)
            pkg: switchyard
            cpu: \(environment.cpuModel)
            commit: \(environment.commit)

            """
    }

    private static func line(_ record: TrialRecord, _ measures: [Measure]) -> [String] {
        let cell = record.observed
        let own = measures.filter { ResultRow(cell: cell, metric: $0.metric, figures: nil, status: .ok).isHeadline }
        guard !own.isEmpty else { return [] }
        let values = own.map { " \(Figure.plain($0.value)) \(unit($0.metric, isPrimary: $0.metric == cell.metric))" }
        return ["\(name(cell)) \(max(1, record.runs * record.operations))\(values.joined())\n"]
    }

    private static func name(_ cell: Cell) -> String {
        let parameters = cell.parameters.sorted { $0.key < $1.key }.map { "/\($0.key)=\($0.value)" }.joined()
        let build = cell.build == nil ? "" : "/build=other"
        return
            "Benchmark\(camelCase(cell.workload))\(parameters)/workers=\(cell.workers ?? 1)/cpus=\(cell.cpus)\(build)"
            + "/backend=\(cell.backend)/switching=\(cell.switching)"
    }

    private static func camelCase(_ name: String) -> String {
        name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// The unit of the primary metric is Go's, such as `ns/op`; those of the others have the metric's name before it.
    private static func unit(_ metric: Metric, isPrimary: Bool = true) -> String {
        let unit = ["ns": "ns/op", "bytes": "B/op"][metric.unit] ?? metric.unit
        return isPrimary ? unit : "\(metric.name)-\(unit)"
    }
}
