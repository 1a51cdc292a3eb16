// SPDX-License-Identifier: Apache-2.0

import Mustache

/// `report.html`: one self-contained file that opens offline.
enum HTMLReport {
    /// The text of the page.
    ///
    /// - Parameters:
    ///   - questions: the founding questions; nil for a run of another suite.
    ///   - screen: the answer of the run.
    ///   - peers: other runtimes; nil for a run without.
    ///   - workloads: a screen per workload, in the order of the report; none for a run of two builds.
    ///   - plots: the pictures of the workloads and of the run as a whole.
    static func text(
        _ report: RunReport,
        _ questions: QuestionsScreen?,
        _ screen: FirstScreen,
        _ peers: PeersScreen?,
        _ workloads: [WorkloadScreen],
        _ plots: [Plot]
    ) throws -> String {
        let view = try PageView(report, questions, screen, peers, workloads, plots)
        return try PageTemplates.library.get().render(view, withTemplate: PageTemplates.page) ?? ""
    }
}
