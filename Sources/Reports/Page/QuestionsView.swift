// SPDX-License-Identifier: Apache-2.0

/// The founding questions, as the page shows them.
struct QuestionsView {
    /// A question and its answer.
    struct Line {
        /// See ``FoundingAnswer/question``.
        let question: Prose
        /// See ``FoundingAnswer/sentence``.
        let sentence: Prose
        /// The figure and its interval; nil where the answer rests on counts alone.
        let figure: String?
        /// The name of the part of the page that has the rows and the plot.
        let place: String
        /// The anchor of that; nil where the page lacks it.
        let anchor: String?
    }

    /// The heading of the section.
    let heading = QuestionsScreen.title
    /// The questions, in their order.
    let lines: [Line]

    /// - Parameter contents: the workloads of the page.
    init(_ screen: QuestionsScreen, _ contents: [KindView]) {
        let workloads = contents.flatMap(\.workloads).map { ($0.label, $0.anchor) }
        let sections = [
            (DepthSection.title, SweepView.depth), (WaysToWaitSection.title, SweepView.waiting),
            (SofterSwitchesSection.title, SweepView.softening), (PeersSection.heading, PeersView.anchor),
        ]
        let anchors = Dictionary(workloads + sections) { first, _ in first }
        lines = screen.answers.map { answer in
            Line(
                question: Prose(answer.question),
                sentence: Prose(answer.sentence),
                figure: answer.figure.map { $0 + (answer.interval.map { " (95 %: \($0))" } ?? "") },
                place: answer.evidence.title,
                anchor: anchors[answer.evidence.title]
            )
        }
    }
}
