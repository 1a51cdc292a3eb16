// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The section on the percentiles of wait times, of the workloads that record them.
enum WaitTimesSection {
    private static let metrics = {
        let series = ["latency", "latency-uncorrected", "added-latency", "lateness", "lateness-busy"]
        return series.flatMap { series in ["p50", "p90", "p99", "p99.9", "max"].map { "\(series)-\($0)" } }
            + ["arm-cancel", "requests-per-second", "progress"]
    }()

    /// The section, in Markdown; empty without such a workload.
    static func text(_ report: RunReport, _ varied: VariedParameters) -> String {
        let own = waits(report)
        guard !own.isEmpty else { return "" }
        let tables = own.map(\.cell.workload).unique.map { workload in
            MetricMatrix.text(own.filter { $0.cell.workload == workload }, varied, metrics: metrics)
        }
        return "## Latency and lateness\n\n\(explanation(report))\n\n\(tables.joined(separator: "\n"))"
    }

    /// What the percentiles are of; empty without a workload that records wait times.
    static func explanation(_ report: RunReport) -> String {
        let own = waits(report)
        guard !own.isEmpty else { return "" }
        return """
            Percentiles of the waits of all processes together. `latency` counts from a request's scheduled start, \
            `latency-uncorrected` from its actual start; `added-latency` is the latency less the delay that the workload injects \
            itself; `lateness` is the time from a deadline to the sleeper's wake-up, and `lateness-busy` the same while the \
            processor is kept from idling.\(idling(own, report.description.calibration))
            """
    }

    private static func waits(_ report: RunReport) -> [ResultRow] {
        report.rows.filter { row in row.figures != nil && metrics.contains(row.metric.name) }
    }

    /// What the machine itself adds to the lateness; empty where that is not known, or there is no lateness.
    private static func idling(_ rows: [ResultRow], _ calibration: Calibration?) -> String {
        guard rows.contains(where: { $0.metric.name.hasPrefix("lateness") }), let exit = calibration?.idleExit else {
            return ""
        }
        return " The way out of idle, which is part of `lateness` alone, takes this machine about "
            + "\(Figure.readable(exit, unit: "ns")): half of the calibration's \"\(Calibration.handOverOnTwoCores)\"."
    }
}
