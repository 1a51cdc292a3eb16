// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports

/// The files that are computed from the raw data of a run.
enum DerivedFiles {
    /// Writes them all, the report first and the large ones last; returns what people read.
    @discardableResult
    static func write(_ report: RunReport, to directory: ResultsDirectory) throws -> ReportPages {
        let pages = ReportPages(report)
        let texts: [(name: String, text: @Sendable () throws -> String)] = [
            ("report.md", { pages.markdown }), ("results.csv", { ResultsFile.text(report.rows) }),
            ("samples.csv", { SamplesFile.text(report) }), ("benchmarks.txt", { BenchmarksFile.text(report) }),
            ("results.json", { try pages.json() }), ("report.html", { try pages.html() }),
        ]
        let made = try Parallel.map(texts.count) { try texts[$0].text() }
        for (file, text) in zip(texts, made) { try directory.write(text, to: file.name) }
        try directory.write(folder: "plots", pages.files.map { ("\($0.name).svg", $0.svg) })
        try directory.write(folder: "histograms", HistogramFiles.files(report.records).map { ($0.name, $0.text) })
        return pages
    }
}
