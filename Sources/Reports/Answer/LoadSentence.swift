// SPDX-License-Identifier: Apache-2.0

import Glibc
import Measurement
import ParameterValues

/// The sentence that a report says about a kind of load, made from the figures of its first workload.
struct LoadSentence {
    private let kind: LoadKind
    private let ranking: Ranking
    private let names: SchedulerNames
    private let relieved: [ResultRow]

    /// - Parameters:
    ///   - ranking: that of the kind's first workload alone.
    ///   - relieved: the rows of the workload in which hogs have checkpoints.
    init(_ kind: LoadKind, _ ranking: Ranking, _ names: SchedulerNames, relieved: [ResultRow] = []) {
        self.relieved = relieved
        self.kind = kind
        self.ranking = ranking
        self.names = names
    }

    /// The sentence.
    var text: String {
        guard ranking.entries.count > 1 else { return "\(subject) \(precise(ranking.entries[0]))." }
        guard !ranking.others.isEmpty else { return "\(subject) \(precise(ranking.entries[0])); \(ranking.equality)." }
        let own = kind == .hog ? onlyInTime : [.switching, .memory].contains(kind) ? bySwitching : nil
        return own ?? contrast
    }

    /// The best and the worst.
    private var contrast: String {
        let best = ranking.entries[0]
        guard let worst = ranking.others.max(by: { $0.factor < $1.factor }) else { return "" }
        return "\(subject) \(precise(best)) on \(name(best)), \(figure(worst)) on \(name(worst))."
    }

    /// What each switching costs on one processor, under the scheduler that does it best; nil for a single one.
    private var bySwitching: String? {
        let single = ranking.entries.filter { $0.rows.allSatisfy { $0.cell.workers == nil } }
        let switchings = single.map(\.scheduler.switching).unique
        let best = switchings.compactMap { name in single.first { $0.scheduler.switching == name } }
        guard best.count > 1, let first = best.first else { return nil }
        let unit = figure(first).split(separator: " ").last ?? ""
        let parts = best.dropFirst().map { entry in
            let figure = figure(entry)
            // A unit is not repeated.
            let short = figure.hasSuffix(" \(unit)") ? String(figure.dropLast(unit.count + 1)) : figure
            return "\(short) \(Self.noun(entry.scheduler.switching))"
        }
        let opening = "\(subject) \(precise(first)) \(Self.noun(first.scheduler.switching))"
        return "\(([opening] + parts).joined(separator: ", "))."
    }

    private static func noun(_ switching: String) -> String { switching == "kernel" ? "threads" : switching }

    /// A sentence for waits that differ by so much that only some schedulers will do; nil where it is less.
    private var onlyInTime: String? {
        let best = ranking.best
        guard let next = ranking.others.min(by: { $0.factor < $1.factor }), next.factor >= Self.outOfTime else {
            return nil
        }
        let list = names.list(best.map(\.scheduler), of: ranking.entries.map(\.scheduler), width: 30)
        let verb = best.count == 1 ? "answers" : "answer"
        let help = checkpoints.map { " (\($0) if it has checkpoints)" } ?? ""
        return "Only \(list) \(verb) in time: \(figure(best[0])) against \(figure(next))\(help)."
    }

    /// The wait beside a hog with checkpoints, under the best of the schedulers that do not answer in time without.
    private var checkpoints: String? {
        let slow = Set(ranking.others.map(\.scheduler))
        let rows = relieved.filter { slow.contains(SchedulerName($0.cell)) }
        let best = rows.compactMap { row in row.figures.map { ($0.value, row.metric.unit) } }.min { $0.0 < $1.0 }
        return best.map { Figure.readable($0.0, unit: $0.1) }
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
        case "parked": return "Each:"
        case "echo-idle":
            return
                "\(Self.perOperation(load, "echo")) beside \(Self.count(parameters["idle"]?.number)) idle connections:"
        case "http-server": return "\(Self.perOperation(load, "request")):"
        case "echo": return "\(Self.perOperation(load, "echo")):"
        case "chat": return "\(Self.perOperation(load, "message")):"
        case "fan-out-http": return "Median added:"
        case "hog": return "Median wait:"
        case "hog-checkpoints": return "Median wait beside hogs with checkpoints:"
        case "timers": return "Median lateness:"
        default: return "Operation:"
        }
    }

    /// Of a server, it is the processor time that counts.
    private static func perOperation(_ load: RankedLoad, _ operation: String) -> String {
        load.metric == .serverTime ? "Server CPU per \(operation)" : operation.capitalizedFirst
    }

    private static func count(_ value: Int?) -> String { Figure.fixed(Double(value ?? 0), decimals: 0) }
}
