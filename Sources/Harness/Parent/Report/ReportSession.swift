// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports

/// A `bench report`: writes the files again that are computed from a run's raw data, and prints the summary.
package struct ReportSession: Sendable {
    private let directory: ResultsDirectory

    /// - Parameter directory: that of the run.
    package init(_ directory: ResultsDirectory) { self.directory = directory }

    /// Reads the raw data, writes the files and prints the summary.
    ///
    /// - Throws: ``UsageError`` if the raw data are missing, damaged or of another version.
    package func run() throws -> ExitStatus {
        _ = try write()
        return .success
    }

    /// The same; returns the report.
    func write() throws -> RunReport {
        let report = try StoredRun(directory).report(directory)
        let pages = try DerivedFiles.write(report, to: directory)
        Console.print(pages.text(TerminalText(hasColour: Console.hasColour)))
        Console.note("the report is \(directory.path)/report.html")
        return report
    }
}
