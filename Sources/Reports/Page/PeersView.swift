// SPDX-License-Identifier: Apache-2.0

/// Other runtimes, as the page shows them.
struct PeersView {
    /// A workload.
    struct Line {
        /// See ``PeersScreen/Line/label``.
        let label: String
        /// Who is ahead.
        let leader: String
        /// The best scheduler, with its figure.
        let best: String
        /// What the peers do.
        let sentence: String
    }

    /// A peer, and what it does in another way.
    struct Peer {
        /// Its name and version.
        let title: String
        /// The differences.
        let differences: [Prose]
        /// Whether any are known.
        let hasDifferences: Bool
    }

    /// The anchor of the section.
    static let anchor = "peers"
    /// The heading of the section.
    let heading = PeersSection.heading
    /// What comes out.
    let summary: String
    /// Whether anything does: not where all peers are floors.
    let hasSummary: Bool
    /// The workloads.
    let lines: [Line]
    /// The pictures, one for each workload.
    let pictures: [PlotView]
    /// Whether the page shows the pictures at once: many would hide what follows.
    let isOpen: Bool
    /// How the comparison is made.
    let explanation = Prose(PeersSection.explanation)
    /// A row for each workload, a column for each peer.
    let ratios: TableView
    /// The heading of what the peers do differently.
    let differencesHeading = PeersSection.differencesHeading
    /// What follows that heading.
    let differencesExplanation: String
    /// The peers.
    let descriptions: [Peer]
    /// Whether there are any.
    let hasDescriptions: Bool

    /// Shows a screen.
    ///
    /// - Parameter plots: those of the contests.
    init(_ screen: PeersScreen, _ plots: [Plot], _ anchors: inout Anchors) {
        summary = screen.summary.joined(separator: " ")
        hasSummary = !screen.summary.isEmpty
        lines = screen.lines.map { line in
            Line(label: line.label, leader: line.leader, best: line.bestAndFigure, sentence: line.sentence)
        }
        pictures = plots.map { PlotView($0, &anchors) }
        isOpen = plots.count <= 6
        ratios = TableView(PeersSection.ratios(screen.lines), caption: "What the peers take, divided by the best")
        differencesExplanation = PeersSection.differencesExplanation(screen)
        descriptions = screen.peers.map { peer in
            Peer(
                title: peer.title,
                differences: peer.differences.map(Prose.init),
                hasDifferences: !peer.differences.isEmpty
            )
        }
        hasDescriptions = !descriptions.isEmpty
    }
}
