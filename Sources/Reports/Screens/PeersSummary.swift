// SPDX-License-Identifier: Apache-2.0

import Measurement

/// What comes out of a comparison with peers, in sentences that fit a line of a terminal each.
struct PeersSummary {
    /// The lines in which a runtime takes part.
    private let lines: [PeersScreen.Line]
    /// The names of the runtimes.
    private let peers: [String]

    /// Sums up the lines of a screen.
    ///
    /// - Parameter floors: the peers that are floors, whether they have figures or not.
    init(_ lines: [PeersScreen.Line], floors: Set<String>) {
        self.lines = lines.filter { line in line.rivals.contains { !floors.contains($0.peer) } }
        peers = lines.flatMap(\.rivals).map(\.peer).unique.filter { !floors.contains($0) }
    }

    /// How often the schedulers are ahead, and which peers are, or which one is the closest; empty where all peers are
    /// floors, which nothing is ahead of or behind.
    var sentences: [String] { lines.isEmpty ? [] : [result] + [leaders ?? closest].compactMap(\.self) }

    private var result: String {
        let all = peers.count == 1 ? peers[0] : "\(peers.count) peers"
        let things = Set(lines.map(\.workload)).count == lines.count ? "workload" : "comparison"
        let (ahead, behind) = (lines.count(where: \.isAhead), lines.count(where: \.isBehind))
        let missing = lines.count(where: \.hasNoFigure)
        return "Against \(all): ahead in \(ahead) of \(lines.count) \(things)\(lines.count == 1 ? "" : "s"), "
            + "behind in \(behind), undecided in \(lines.count - ahead - behind - missing)"
            + (missing > 0 ? ", no figure in \(missing)." : ".")
    }

    /// The peer that is furthest ahead in each line; nil where the schedulers are behind nowhere.
    private var leaders: String? {
        let parts = lines.compactMap { line in
            line.rivals(.ahead).first.map { "\($0.peer) in \(line.label) (\(Figure.significant($0.ratio ?? 1)))" }
        }
        for shown in stride(from: parts.count, to: 0, by: -1) {
            let rest = parts.count - shown
            let list = parts.prefix(shown).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
            let text = "Ahead of Switchyard: \(list)."
            if text.utf8.count <= TerminalText.width || shown == 1 { return text }
        }
        return nil
    }

    private var closest: String? {
        let rivals = lines.compactMap { line in line.closest.map { (line: line, rival: $0) } }
        return rivals.min { ($0.rival.ratio ?? 0) < ($1.rival.ratio ?? 0) }.map { line, rival in
            "Closest: \(rival.peer) in \(line.label), \(line.ratio(of: rival))."
        }
    }
}

extension PeersScreen.Line {
    /// Whether the best scheduler is ahead of all peers that have a figure.
    var isAhead: Bool { !rivals(.behind).isEmpty && rivals(.ahead).isEmpty && undecided.isEmpty }
    /// Whether there is nothing to compare.
    var hasNoFigure: Bool { rivals(.ahead, .behind).isEmpty && undecided.isEmpty }
    /// Whether no runtime is compared.
    private var hasOnlyFloors: Bool { rivals.allSatisfy { $0.standing == .floor } }
    /// Whether a peer is ahead of the best scheduler.
    var isBehind: Bool { !rivals(.ahead).isEmpty }

    /// Who is ahead: peers, the schedulers, or one or the other.
    var leader: String {
        guard best != nil else { return "no scheduler has a figure" }
        if isBehind { return rivals(.ahead).map(\.peer).joined(separator: ", ") }
        if isAhead { return "Switchyard" }
        let open = undecided
        guard !open.isEmpty else { return hasOnlyFloors ? "only floors took part" : "no peer has a figure" }
        return
            "Switchyard or \(open.count <= 3 ? open.map(\.peer).joined(separator: ", ") : "one of \(open.count) peers")"
    }

    /// How many peers are behind, ahead, or cannot be told from the best scheduler, and the closest one.
    var sentence: String {
        let counts = [
            (rivals(.behind), "behind"), (rivals(.ahead), "ahead"), (undecided, "not told apart"),
            (rivals(.missing), "without a figure"),
        ]
        let floors = rivals(.floor).map { "\($0.peer) \(Figure.significant($0.ratio ?? 1))" }
        let text =
            (counts.filter { !$0.0.isEmpty }.map { "\($0.0.count) \($0.1)" }
            + (floors.isEmpty ? [] : ["floor: \(floors.joined(separator: ", "))"])).joined(separator: ", ")
        return text + (closest.map { "; closest: \($0.peer), \(ratio(of: $0))" } ?? "") + "."
    }

    /// What a peer takes, compared with the best scheduler, such as `1.32 times as long (1.20 – 1.45)`.
    func ratio(of rival: PeersScreen.Rival) -> String {
        guard let ratio = rival.ratio else { return rival.figure }
        return "\(Figure.significant(ratio)) times as \(measure)"
            + (rival.ends.map { " (\(Wording.ratios($0)))" } ?? "")
    }

    private var measure: String { unit == "bytes" ? "much memory" : metric == "server-cpu-time" ? "much time" : "long" }
}
