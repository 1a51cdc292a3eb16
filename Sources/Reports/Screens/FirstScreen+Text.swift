// SPDX-License-Identifier: Apache-2.0

extension FirstScreen {
    /// The screen for a terminal.
    package func text(_ terminal: TerminalText) -> String {
        let caption = TerminalText.wrapped(caption, indent: 0)
        let body = lines.isEmpty ? [] : [terminal.faint(Self.heading)] + lines.flatMap { Self.lines($0, terminal) }
        let head =
            Self.warnings(warnings, height: Self.height - caption.count - body.count).map(terminal.bold) + caption
        let notes = notes.flatMap { TerminalText.wrapped($0, indent: 0) }
        // A wordy run must not push its answer off the screen.
        let tail = head.count + body.count + notes.count > Self.height ? [] : notes
        return (head + body + tail).map { "\($0)\n" }.joined()
    }

    /// Warnings in as many lines as there are, but at least two; the report has all of them.
    private static func warnings(_ warnings: [String], height: Int) -> [String] {
        let lines = warnings.flatMap { TerminalText.wrapped($0, indent: 0) }
        guard lines.count > max(height, 2) else { return lines }
        return lines.prefix(max(height, 2) - 1) + ["... (the report has all of it)"]
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
        let answer = lines.isEmpty ? "" : "\n\(table.text)"
        return "\(warnings)\(caption).\n\(answer)" + notes.map { "\n\($0)\n" }.joined()
    }
}
