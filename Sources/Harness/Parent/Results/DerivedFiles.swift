// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports

/// The files that are computed from the raw data of a run.
enum DerivedFiles {
    /// Writes them all, those that are read first before those that are large; returns what people read.
    @discardableResult
    static func write(_ report: RunReport, to directory: ResultsDirectory) throws -> ReportPages {
        let pages = ReportPages(report)
        try directory.write(pages.markdown, to: "report.md")
        try directory.write(ResultsFile.text(report.rows), to: "results.csv")
        try directory.write(SamplesFile.text(report), to: "samples.csv")
        try directory.write(BenchmarksFile.text(report), to: "benchmarks.txt")
        try directory.write(try pages.json(), to: "results.json")
        try directory.write(try pages.html(), to: "report.html")
        try directory.write(folder: "plots", pages.files.map { ("\($0.name).svg", $0.svg) })
        try directory.write(folder: "histograms", HistogramFiles.files(report.records).map { ($0.name, $0.text) })
        return pages
    }
}
