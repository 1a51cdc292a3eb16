// SPDX-License-Identifier: Apache-2.0

import Measurement

/// What people read of a run, made from one answer, one ranking a workload and one set of plots.
package struct ReportPages: Sendable {
    /// The plots that are files, in `plots/`; empty for a run without.
    package let files: [Plot]
    private let report: RunReport
    private let questions: QuestionsScreen?
    private let screen: FirstScreen
    private let peers: PeersScreen?
    private let workloads: [WorkloadScreen]
    private let plots: [Plot]

    /// Answers, ranks and draws.
    package init(_ report: RunReport) {
        self.report = report
        questions = QuestionsScreen(report)
        screen = FirstScreen(report)
        workloads = WorkloadScreen.all(report)
        peers = PeersScreen(report)
        plots = Plots.all(report, workloads, peers)
        files = report.description.hasPlots ? plots : []
    }

    /// What `bench run` and `bench report` print, at most 80 columns wide: the answer, how the best schedulers compare
    /// with peers, and, of a run of a few workloads, what the answer rests on.
    package func text(_ terminal: TerminalText) -> String {
        if let questions { return questions.text(terminal) }
        let styles = WaysToWaitScreen.text(report.rows, terminal)
        let answer = screen.text(terminal) + (peers?.text ?? "") + (styles.isEmpty ? "" : "\n\(styles)\n")
        if case .build(let name) = report.baseline {
            return "\(answer)\n\(BuildsScreen.text(report, other: name, terminal))"
        }
        // More would push the answer off the screen.
        guard workloads.count <= 3 else {
            return answer + terminal.faint("The report has a ranking for each of the \(workloads.count) workloads.\n")
        }
        return ([answer] + workloads.map { $0.text(terminal) }).joined(separator: "\n")
    }

    /// `report.md`.
    package var markdown: String { ReportPage.text(report, questions, screen, peers, workloads, files) }

    /// `report.html`.
    ///
    /// - Throws: an error where a template does not fit its data.
    package func html() throws -> String { try HTMLReport.text(report, questions, screen, peers, workloads, plots) }

    /// `results.json`.
    ///
    /// - Throws: an error where a figure is no number.
    package func json() throws -> String { try ResultsJSON.text(report, questions, screen, peers, workloads) }
}
