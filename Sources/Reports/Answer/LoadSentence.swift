// SPDX-License-Identifier: Apache-2.0

import Glibc
import Measurement

/// The sentence that a report says about a kind of load, made from the figures of its first workload.
struct LoadSentence {
    private let kind: LoadKind
    private let ranking: Ranking
    private let names: SchedulerNames

    /// - Parameter ranking: that of the kind's first workload alone.
    init(_ kind: LoadKind, _ ranking: Ranking, _ names: SchedulerNames) {
        self.kind = kind
        self.ranking = ranking
        self.names = names
    }

    /// The sentence.
    var text: String { String(sentence.drop { $0 == " " }) }

    private var sentence: String {
        guard ranking.entries.count > 1 else { return "\(subject) \(precise(ranking.entries[0]))." }
        guard !ranking.others.isEmpty else { return "\(subject) \(precise(ranking.entries[0])); \(equality)." }
        switch kind {
        case .switching, .memory: return bySwitching ?? contrast
        case .hog: return onlyInTime ?? contrast
        default: return contrast
        }
    }

    /// The best and the worst.
    private var contrast: String {
        let best = ranking.entries[0]
        let worst = ranking.entries[ranking.entries.count - 1]
        return "\(subject) \(precise(best)) on \(name(best)), \(figure(worst)) on \(name(worst))."
    }

    /// Why nothing is said about a difference.
    private var equality: String {
        if ranking.entries.allSatisfy(\.isNegligible) { return "the schedulers are equal within 1 %" }
        if ranking.entries.dropFirst().allSatisfy({ $0.interval == nil }) {
            return "too few processes tell the schedulers apart"
        }
        return "this run cannot tell the schedulers apart"
    }

    /// What each switching costs, under the scheduler that does it best; nil for a single one.
    private var bySwitching: String? {
        let switchings = ranking.entries.map(\.scheduler.switching).unique
        let best = switchings.compactMap { name in ranking.entries.first { $0.scheduler.switching == name } }
        guard best.count > 1 else { return nil }
        let parts = best.enumerated().map { rank, entry in
            let figure = rank == 0 ? precise(entry) : figure(entry)
            return "\(figure) \(entry.scheduler.switching)"
        }
        return "\(subject) \(parts.joined(separator: ", "))."
    }

    /// A sentence for waits that differ by so much that only some schedulers will do; nil where it is less.
    private var onlyInTime: String? {
        let best = ranking.best
        guard let next = ranking.others.first, next.factor >= Self.outOfTime else { return nil }
        let list = names.list(best.map(\.scheduler), of: ranking.entries.map(\.scheduler), width: 30)
        let verb = best.count == 1 ? "answers" : "answer"
        return "Only \(list) \(verb) in time beside a hog: \(figure(best[0])) against \(figure(next))."
    }

    /// A scheduler that takes five times as long as another does not answer in time beside it.
    private static let outOfTime = 5.0

    private func name(_ entry: Ranking.Entry) -> String { names.name(entry.scheduler) }

    private func figure(_ entry: Ranking.Entry) -> String {
        entry.rows.first.flatMap { row in row.figures.map { Figure.readable($0.value, unit: row.metric.unit) } } ?? ""
    }

    /// The figure, and how far the truth may be from it.
    private func precise(_ entry: Ranking.Entry) -> String {
        guard let figures = entry.rows.first?.figures, let interval = figures.interval, interval.low > 0 else {
            return figure(entry)
        }
        let half = (interval.high / interval.low).squareRoot() - 1
        return "\(figure(entry)) ± \(Figure.fixed(half * 100, decimals: half < 0.0095 ? 1 : 0)) %"
    }

    /// What the figure belongs to.
    private var subject: String {
        let load = ranking.loads[0]
        let parameters = load.conditions.parameters
        switch load.conditions.workload {
        case "yield": return "Yield:"
        case "ping-pong": return "Round trip:"
        case "ring": return "Hop:"
        case "producer-consumer", "select", "sieve": return "Message:"
        case "spawn-join": return "Each:"
        case "skynet": return "A leaf:"
        case "parked": return ""
        case "echo-idle": return "Echo beside \(Self.count(parameters["idle"])) idle:"
        case "http-server": return "Request:"
        case "echo": return "Echo:"
        case "chat": return "Message:"
        case "fan-out-http": return "Added at \(Self.count(parameters["rate"]))/s:"
        case "hog": return "Median wait:"
        case "hog-checkpoints": return "Median wait, with checkpoints:"
        case "timers": return "Median late by:"
        default: return "Operation:"
        }
    }

    private static func count(_ value: Int?) -> String { Figure.fixed(Double(value ?? 0), decimals: 0) }
}
