// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The questions that the project began with, and a run's answers: what the report of the suite `seed` begins with.
package struct QuestionsScreen: Sendable, Equatable, Codable {
    /// The answers that the run's rows give, in the order of the questions.
    package var answers: [FoundingAnswer]

    /// What the suite is called.
    package static let suite = "seed"
    static let title = "The founding questions"

    /// The answers of a run; nil unless it is one of the suite.
    package init?(_ report: RunReport) {
        guard report.description.suite == Self.suite else { return nil }
        let evidence = Evidence(report)
        answers = [
            SwitchAnswer.answer(evidence), HardSwitchesAnswer.answer(evidence), SofteningAnswer.answer(evidence),
            BlockOnAnswer.answer(evidence), ReactorAnswer.answer(evidence), CallbacksAnswer.answer(evidence),
            HogAnswer.answer(evidence), CheckpointAnswer.answer(evidence), PeersAnswer.answer(report),
        ].compactMap(\.self)
    }

    /// For a terminal: a question and its answer, one after another.
    func text(_ terminal: TerminalText) -> String {
        answers.flatMap { answer in
            TerminalText.wrapped(answer.question.filter { $0 != "`" }, indent: 0).map(terminal.bold)
                + TerminalText.wrapped(answer.sentence.filter { $0 != "`" } + answer.precision, indent: 2)
        }
        .map { "\($0)\n" }.joined() + "\n"
    }

    /// In Markdown, with links to the parts of the report that have the rows and the plots.
    var markdown: String {
        var table = MarkdownTable([
            ("question", .left), ("answer", .left), ("figure", .right), ("95 %", .right), ("rows and plot", .left),
        ])
        for answer in answers {
            table.add([
                answer.question, answer.sentence, answer.figure ?? "", answer.interval ?? "", answer.evidence.link,
            ])
        }
        return "## \(Self.title)\n\n\(table.text)"
    }
}

extension FoundingAnswer {
    /// The figure and its interval, behind the sentence.
    fileprivate var precision: String {
        guard let figure else { return "" }
        return " [\(figure)\(interval.map { ", 95 %: \($0)" } ?? "")]"
    }
}

extension FoundingAnswer.Place {
    /// What the part is called.
    var title: String {
        switch self {
        case .workload(let label): label
        case .section(let title): title
        }
    }

    /// A link to its heading, as Markdown's readers name them: lower case, without punctuation, with hyphens.
    fileprivate var link: String {
        let kept = title.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" }
        return "[\(title)](#\(kept.map { $0 == " " ? "-" : String($0) }.joined()))"
    }
}
