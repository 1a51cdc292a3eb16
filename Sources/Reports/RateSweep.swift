// SPDX-License-Identifier: Apache-2.0

import Measurement

/// A scheduler under one load at several offered rates: the added latency at each, and the highest rate that it
/// sustains.
struct RateSweep {
    /// What happened at a rate.
    enum Outcome: Equatable {
        /// Every request was answered; the 99th percentile of the added latency follows from the row.
        case answered(ResultRow)
        /// A trial failed, such as one with a request that was not answered.
        case failed(TrialStatus)
        /// Nothing ran, or too few requests did to say.
        case unknown
    }

    /// The highest rate at which, and at every lower one of the sweep, the added latency is within the limit.
    enum Sustained: Equatable {
        /// This rate; the next one is too high.
        case rate(Int)
        /// This rate; nothing is known of a higher one.
        case atLeast(Int)
        /// The lowest rate of the sweep, this one, is too high.
        case below(Int)
        /// The lowest rate of the sweep has no figure.
        case unknown
    }

    /// The limit of the 99th percentile of the added latency, in nanoseconds: ten times the mean delay of a back end
    /// in the standard load.
    static let limit = 10_000_000.0

    /// The cells' scheduler and parameters, of which the rate is left out.
    let cell: Cell
    /// The rates at which the workload ran, under any scheduler, ascending.
    let rates: [Int]
    private let rows: [Int: [ResultRow]]

    /// The sweeps of the workloads whose rate varies, in the order of their first rows.
    static func all(_ rows: [ResultRow]) -> [RateSweep] {
        let own = rows.filter { $0.cell.number("rate") != nil && $0.cell.metric == Self.primary }
        let rates = Dictionary(grouping: own, by: \.cell.workload).mapValues { rows in
            Set(rows.compactMap { $0.cell.number("rate") }).sorted()
        }
        let swept = own.filter { rates[$0.cell.workload, default: []].count > 1 }
        let groups = Dictionary(grouping: swept, by: \.cell.withoutRate)
        return swept.map(\.cell.withoutRate).unique.map { cell in
            RateSweep(cell, at: rates[cell.workload] ?? [], groups[cell] ?? [])
        }
    }

    private init(_ cell: Cell, at rates: [Int], _ rows: [ResultRow]) {
        self.cell = cell
        self.rates = rates
        self.rows = Dictionary(grouping: rows) { $0.cell.number("rate") ?? 0 }
    }

    /// What happened at a rate.
    func outcome(at rate: Int) -> Outcome {
        let own = rows[rate] ?? []
        if let failed = own.first(where: { $0.figures == nil }) { return .failed(failed.status) }
        return own.first { $0.metric == Self.percentile }.map { .answered($0) } ?? .unknown
    }

    /// The highest rate that is sustained.
    var sustained: Sustained {
        var highest: Int?
        for rate in rates {
            switch isSustained(rate) {
            case true?: highest = rate
            case false?: return highest.map { .rate($0) } ?? .below(rate)
            case nil: return highest.map { .atLeast($0) } ?? .unknown
            }
        }
        return highest.map { .atLeast($0) } ?? .unknown
    }

    /// The cell at the lowest rate that is too high; nil without one.
    var overloaded: Cell? {
        rates.first { isSustained($0) != true }.flatMap { isSustained($0) == false ? rows[$0]?.first?.cell : nil }
    }

    /// Nil where that is not known.
    private func isSustained(_ rate: Int) -> Bool? {
        switch outcome(at: rate) {
        case .answered(let row): row.figures.map { $0.value <= Self.limit }
        case .failed(let status): status == .failed ? false : nil
        case .unknown: nil
        }
    }

    private static let primary = Metric.percentile(50, of: "added-latency")
    private static let percentile = Metric.percentile(99, of: "added-latency")
}

extension Cell {
    fileprivate var withoutRate: Cell {
        var cell = self
        cell.parameters["rate"] = nil
        return cell
    }
}
