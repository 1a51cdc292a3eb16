// SPDX-License-Identifier: Apache-2.0

import Measurement

/// What readers have to know before they look at a run's figures.
enum RunWarnings {
    /// The warnings, in sentences; empty for a complete run of a release build on a quiet machine.
    static func sentences(_ report: RunReport) -> [String] {
        let debug = "This is a debug build: none of these figures is a measurement."
        let interrupted = "Interrupted: \(report.records.measured.count) processes have measured."
        let planted = report.plan.plantedCost.map {
            "This build's trials were made to take \(Figure.plain($0)) % longer."
        }
        let busy = report.description.disturbances
        let failed = Set(report.records.measured.filter { $0.status == .failed }.map(\.trial.cell)).count
        let failures =
            failed > 0 ? "\(failed) of \(report.plan.cells.count) cells failed; the report says why." : nil
        return [
            report.environment.build == "release" ? nil : debug, report.description.isComplete ? nil : interrupted,
            planted, failures, busy.isEmpty ? nil : "The machine was busy. \(busy.joined(separator: " "))",
        ].compactMap(\.self)
    }
}
