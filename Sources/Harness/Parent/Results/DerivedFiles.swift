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
        let pages = ReportPages(report)
        try directory.write(pages.markdown, to: "report.md")
        try directory.write(try pages.html(), to: "report.html")
        try directory.write(try pages.json(), to: "results.json")
        for plot in pages.files { try directory.write(plot.svg, to: "plots/\(plot.name).svg") }
        try directory.write(HistogramFiles.files(report.records))
    }
}
