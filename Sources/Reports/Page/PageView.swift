// SPDX-License-Identifier: Apache-2.0

import Measurement

/// What the template of the page shows.
///
/// A template looks up names in the innermost value first, and then in those around it. So optional properties, which
/// it would otherwise look for further out, have a point before their names there.
struct PageView {
    /// A link to a part of the page.
    struct Link {
        /// What it says.
        let title: String
        /// The anchor that it leads to.
        let target: String
    }

    /// The title of the window.
    let title: String
    /// The style sheet.
    let style = PageTemplates.style
    /// The script.
    let script = PageTemplates.script
    /// The links at the top.
    let links: [Link]
    /// The first screen.
    let answer: AnswerView
    /// Pairs of schedulers.
    let pairs: SideBySideView?
    /// Other runtimes.
    let peers: PeersView?
    /// The workloads, by kind of load.
    let contents: [KindView]
    /// Whether there are any.
    let hasWorkloads: Bool
    /// The sweeps of parameters that have a section of their own.
    let sweeps: [SweepView]
    /// All results.
    let results: ResultsView
    /// The pictures of the whole run.
    let pictures: [PlotView]
    /// Whether there are any.
    let hasPictures: Bool
    /// The profiles.
    let profiles: ProfilesView?
    /// The traces.
    let traces: TracesView?
    /// The rest.
    let about: AboutView

    /// Prepares the page.
    init(
        _ report: RunReport,
        _ questions: QuestionsScreen?,
        _ screen: FirstScreen,
        _ peers: PeersScreen?,
        _ workloads: [WorkloadScreen],
        _ plots: [Plot]
    ) throws {
        var anchors = Anchors()
        self.peers = peers.map { PeersView($0, plots.filter { $0.contest != nil }, &anchors) }
        contents = KindView.all(workloads, plots, &anchors)
        hasWorkloads = !contents.isEmpty
        let labels = Set(workloads.map(\.label))
        // Those of a workload without a screen are not lost.
        pictures = plots.filter { $0.contest == nil && !($0.workload.map(labels.contains) ?? false) }
            .map { PlotView($0, &anchors) }
        hasPictures = !pictures.isEmpty
        title = "Switchyard results: \(report.environment.host), \(report.environment.date)"
        let founding = questions.map { [contents] in QuestionsView($0, contents) }
        answer = AnswerView(screen, founding, kinds: Self.anchors(contents))
        pairs = SideBySideView(report)
        sweeps = SweepView.all(report)
        results = try ResultsView(report)
        profiles = ProfilesView(report)
        traces = TracesView(report)
        about = AboutView(report)
        let beforeSweeps = [
            ("Questions", "questions", questions != nil), ("Answer", "answer", answer.hasLines),
            ("Side by side", "pairs", pairs != nil),
            ("Other runtimes", PeersView.anchor, peers != nil), ("Workloads", "contents", hasWorkloads),
        ]
        let afterSweeps = [
            ("All results", "results", true),
            ("Whole run", "run", hasPictures), ("Profiles", "profiles", profiles != nil),
            ("Traces", "traces", traces != nil),
            ("Failures and remarks", "failures", about.hasFailures), ("Machine", "calibration", true),
            ("How to read this", "reading", true),
        ]
        links = Self.links(beforeSweeps + sweeps.map { ($0.title, $0.id, true) } + afterSweeps)
    }

    private static func anchors(_ kinds: [KindView]) -> [LoadKind: String] {
        let pairs = kinds.compactMap { kind in kind.load.map { ($0, kind.anchor) } }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    private static func links(_ parts: [(title: String, target: String, isPresent: Bool)]) -> [Link] {
        parts.filter(\.isPresent).map { Link(title: $0.title, target: $0.target) }
    }
}
