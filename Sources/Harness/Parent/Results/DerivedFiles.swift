// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports

/// The files that are computed from the raw data of a run.
enum DerivedFiles {
    /// Writes them all.
    static func write(_ report: RunReport, to directory: ResultsDirectory) throws {
        try directory.write(ResultsFile.text(report.rows), to: "results.csv")
        try directory.write(SamplesFile.text(report.records, baseline: report.baseline), to: "samples.csv")
        try directory.write(BenchmarksFile.text(report), to: "benchmarks.txt")
        try directory.write(ReportPage.text(report), to: "report.md")
        try directory.write(HistogramFiles.files(report.records))
    }
}
