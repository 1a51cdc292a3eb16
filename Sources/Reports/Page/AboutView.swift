// SPDX-License-Identifier: Apache-2.0

/// Where the figures of a page come from, and how to read them.
struct AboutView {
    /// The trials that failed, or ran something other than what was requested.
    let failures: [String]
    /// Whether there are any.
    let hasFailures: Bool
    /// What the table of primitives shows, or why it is missing.
    let calibrationSentence: Prose
    /// What the machine's primitives cost; nil without a calibration.
    let calibration: TableView?
    /// The machine and the build.
    let environment: TableView
    /// What was measured, where and how.
    let introduction: Prose
    /// The workloads, with their parameters.
    let workloads: TableView
    /// How to read the report.
    let reading: [Prose]

    /// Shows what is known of a run.
    init(_ report: RunReport) {
        failures = FailureSection.lines(report.records)
        hasFailures = !failures.isEmpty
        calibrationSentence = Prose(CalibrationSection.sentence(report.description))
        calibration = CalibrationSection.table(report.description).map { TableView($0, caption: "Calibration") }
        environment = TableView(EnvironmentSection.table(report), caption: "Environment")
        introduction = Prose(ReportPage.introduction(report))
        workloads = TableView(ReportPage.workloads(report.plan), caption: "Workloads and their parameters")
        reading = ReadingSection.items.map(Prose.init)
    }
}
