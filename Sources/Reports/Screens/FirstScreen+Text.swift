// SPDX-License-Identifier: Apache-2.0

extension FirstScreen {
    /// The screen for a terminal.
    package func text(_ terminal: TerminalText) -> String {
        let head =
            warnings.flatMap { TerminalText.wrapped($0, indent: 0) }.map(terminal.bold)
            + TerminalText.wrapped(caption, indent: 0)
        let body = [terminal.faint(Self.heading)] + lines.flatMap { Self.lines($0, terminal) }
        let notes = notes.flatMap { TerminalText.wrapped($0, indent: 0) }
        // A wordy run must not push its answer off the screen.
        let tail = head.count + body.count + notes.count > Self.height ? [] : notes
        return (head + body + tail).map { "\($0)\n" }.joined()
    }

    /// The lines of a terminal.
    private static let height = 24

    private static let heading =
        row("load", "best, or not shown to be worse (±: 95 %)", "next", "worst")

    private static func lines(_ line: Line, _ terminal: TerminalText) -> [String] {
        let answer = TerminalText.padded(line.load.title, loadWidth) + TerminalText.padded(line.best, bestWidth)
        let factors = factors(line.next ?? "", line.worst ?? "")
        return [terminal.bold(answer) + factors] + TerminalText.wrapped(line.sentence, indent: 2)
    }

    private static func row(_ load: String, _ best: String, _ next: String, _ worst: String) -> String {
        TerminalText.padded(load, loadWidth) + TerminalText.padded(best, bestWidth) + factors(next, worst)
    }

    private static func factors(_ next: String, _ worst: String) -> String {
        TerminalText.aligned(next, 7) + TerminalText.aligned(worst, 8)
    }

    private static let loadWidth = 18
    private static let bestWidth = Line.bestWidth + 1
}

extension FirstScreen {
    /// The screen in Markdown.
    package var markdown: String {
        var table = MarkdownTable([
            ("load", .left), ("best, or not shown to be worse", .left), ("next", .right),
            ("worst", .right), ("in figures (±: 95 %)", .left),
        ])
        for line in lines {
            table.add([line.load.title, "**\(line.best)**", line.next ?? "", line.worst ?? "", line.sentence])
        }
        let warnings = warnings.map { "**\($0)**\n\n" }.joined()
        return "\(warnings)\(caption).\n\n\(table.text)" + notes.map { "\n\($0)\n" }.joined()
    }
}
