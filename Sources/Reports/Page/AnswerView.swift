// SPDX-License-Identifier: Apache-2.0

/// The first screen, as the page shows it.
struct AnswerView {
    /// A line: a kind of load.
    struct Line {
        /// The name of the kind.
        let load: String
        /// The anchor of the workloads of this kind; nil where the page has none.
        let kind: String?
        /// See ``FirstScreen/Line/best``.
        let best: Prose
        /// See ``FirstScreen/Line/next``.
        let next: String?
        /// See ``FirstScreen/Line/worst``.
        let worst: String?
        /// See ``FirstScreen/Line/sentence``.
        let sentence: Prose
    }

    /// What was measured.
    let caption: Prose
    /// What the reader has to know first.
    let warnings: [Prose]
    /// The founding questions; nil for a run of another suite.
    let questions: QuestionsView?
    /// The lines.
    let lines: [Line]
    /// Sentences about the run as a whole.
    let notes: [Prose]
    /// Whether there are lines.
    let hasLines: Bool
    /// Whether there are notes.
    let hasNotes: Bool

    /// Shows a first screen.
    ///
    /// - Parameter kinds: the anchors of the kinds of load whose workloads the page shows.
    init(_ screen: FirstScreen, _ questions: QuestionsView?, kinds: [LoadKind: String]) {
        self.questions = questions
        caption = Prose(screen.caption)
        warnings = screen.warnings.map(Prose.init)
        lines = screen.lines.map { line in
            Line(
                load: line.load.title.capitalizedFirst,
                kind: kinds[line.load],
                best: Prose(line.best),
                next: line.next,
                worst: line.worst,
                sentence: Prose(line.sentence)
            )
        }
        notes = screen.notes.map(Prose.init)
        hasLines = !lines.isEmpty
        hasNotes = !notes.isEmpty
    }
}
