// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports

/// The files that are computed from the raw data of a run.
enum DerivedFiles {
    private typealias File = (name: String, text: String)

    /// Writes them all; returns what people read.
    @discardableResult
    static func write(_ report: RunReport, to directory: ResultsDirectory) throws -> ReportPages {
        let pages = ReportPages(report)
        // What takes longest is begun first.
        let makers: [@Sendable () throws -> [File]] = [
            { [("report.html", try pages.html())] }, { [("results.json", try pages.json())] },
            { [("report.md", pages.markdown)] }, { [("samples.csv", SamplesFile.text(report))] },
            { [("results.csv", ResultsFile.text(report.rows))] },
            { [("benchmarks.txt", BenchmarksFile.text(report))] },
            { HistogramFiles.files(report.records).map { ($0.name, $0.text) } },
        ]
        let made = try Parallel.map(makers) { try $0() }
        for (name, text) in made.dropLast().joined() { try directory.write(text, to: name) }
        try directory.write(folder: "histograms", made.last ?? [])
        try directory.write(folder: "plots", pages.files.map { ("\($0.name).svg", $0.svg) })
        return pages
    }
}
