// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The report's section on other runtimes.
enum PeersSection {
    /// Its heading.
    static let heading = "Against other runtimes"

    /// How the comparison is made.
    static let explanation = """
        Peers are programs that do the same work in other runtimes, on as many CPUs, in the same shuffled turns. The best \
        is the scheduler that ranks first there, whatever the peers do. A ratio is what the peer takes, divided by what the \
        best takes: below 1 the peer is ahead, above 1 it is behind. Where several schedulers could be the best, the one \
        that ranks first is the luckiest of them, which flatters Switchyard: so the error of an interval, 5 %, is divided by \
        their number (Bonferroni). "≈" stands before what this run cannot tell from 1, with the same correction, and \
        Holm's for the peers of a workload. Ratios are taken round by round, at full speed where both have that often \
        enough; a figure may come from slower turns as well, and then two figures do not have their ratio. Of servers it is their processor time a request that counts. A floor is no \
        runtime, but the least that any could do: its ratio says how far there is to go, and it is neither ahead nor behind.
        """

    /// The heading of what the peers do differently.
    static let differencesHeading = "Equal work, and what is not equal"

    /// What follows that heading.
    static func differencesExplanation(_ screen: PeersScreen) -> String {
        let sentences = [
            "The answers of the peers are checked, as those of the schedulers.", network(screen.isIsolated),
            "What they do in another way:",
        ]
        return sentences.compactMap(\.self).joined(separator: " ")
    }

    private static func network(_ isIsolated: Bool?) -> String? {
        isIsolated.map { isIsolated in
            isIsolated
                ? "The run had no network but a loopback of its own, its schedulers as well as its peers."
                : "The peers could reach the machine's network, whose loopback the run used."
        }
    }

    /// The section, in Markdown.
    ///
    /// - Parameter images: the plots of the contests; empty for a run without.
    static func text(_ screen: PeersScreen, images: String) -> String {
        let summary = screen.summary.isEmpty ? "" : "\(screen.summary.joined(separator: " "))\n"
        let parts = [
            "## \(heading)\n", summary, answers(screen.lines).text + images,
            "\(explanation)\n", ratios(screen.lines).text, differences(screen),
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// Who is ahead, workload by workload.
    static func answers(_ lines: [PeersScreen.Line]) -> MarkdownTable {
        var table = MarkdownTable([("workload", .left), ("ahead", .left), ("best scheduler", .left), ("peers", .left)])
        for line in lines { table.add([line.label, line.leader, line.bestAndFigure, line.sentence]) }
        return table
    }

    /// The ratios of all peers.
    static func ratios(_ lines: [PeersScreen.Line]) -> MarkdownTable {
        let peers = lines.flatMap(\.rivals).map(\.peer).unique
        var table = MarkdownTable([("workload", .left), ("best scheduler", .right)] + peers.map { ($0, .right) })
        for line in lines {
            let cells = peers.map { name in line.rivals.first { $0.peer == name }.map(cell) ?? "" }
            table.add([line.label, line.figure] + cells)
        }
        return table
    }

    private static func cell(_ rival: PeersScreen.Rival) -> String {
        guard let ratio = rival.ratio else { return rival.figure }
        let isTold = [.ahead, .behind, .floor].contains(rival.standing)
        let interval = rival.ends.map { " (\(Wording.ratios($0)))" } ?? ""
        return "\(isTold ? "" : "≈ ")\(Figure.significant(ratio))\(interval), \(rival.figure)"
    }

    private static func differences(_ screen: PeersScreen) -> String {
        guard !screen.peers.isEmpty else { return "" }
        let texts = screen.peers.map { peer in
            "**\(peer.title)**\n\n" + peer.differences.map { "- \($0)\n" }.joined()
        }
        return "### \(differencesHeading)\n\n\(differencesExplanation(screen))\n\n\(texts.joined(separator: "\n"))"
    }
}

extension PeersScreen.Line {
    /// The best scheduler and its figure.
    var bestAndFigure: String { best.map { "\($0), \(figure)" } ?? "" }
}

extension PeerDescription {
    /// Its name, and the version where that does not repeat it.
    var title: String {
        let isRepeated = version.hasPrefix(name) && version.dropFirst(name.count).first?.isLetter != true
        return isRepeated ? version : "\(name): \(version)"
    }
}
