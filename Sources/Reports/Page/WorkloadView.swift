// SPDX-License-Identifier: Apache-2.0

import Measurement

/// A workload, as the page shows it.
struct WorkloadView {
    /// The name that links lead to.
    let anchor: String
    /// The workload, and what its parameters vary.
    let label: String
    /// The parameters; nil for a workload without any.
    let parameters: String?
    /// The metric, with its unit.
    let metric: String
    /// The first picture, above the ranking; empty without one.
    let first: [PlotView]
    /// The schedulers, best first.
    let ranking: [RankingRow]
    /// Why.
    let causes: [Prose]
    /// Whether that is known.
    let hasCauses: Bool
    /// What the run could not have seen.
    let blindness: [Prose]
    /// Whether there is anything to say of it.
    let hasBlindness: Bool
    /// The other pictures.
    let others: [PlotView]

    /// Shows a workload.
    ///
    /// - Parameter plots: its pictures, that of the ratios first.
    init(_ screen: WorkloadScreen, _ plots: [Plot], _ anchors: inout Anchors) {
        anchor = anchors.anchor("workload", screen.label)
        label = screen.label
        let parameters = screen.parameters.split(separator: ";").joined(separator: ", ")
        self.parameters = parameters.isEmpty ? nil : parameters
        metric = "\(screen.metric), \(ResultText.unit(screen.unit))"
        let isAlone = screen.rows.count(where: \.couldBeBest) == 1
        ranking = screen.rows.map { RankingRow($0, unit: screen.unit, isAlone: isAlone) }
        causes = screen.causes.map(Prose.init)
        hasCauses = !causes.isEmpty
        blindness = screen.blindness.map(Prose.init)
        hasBlindness = !blindness.isEmpty
        let views = plots.map { PlotView($0, &anchors) }
        first = Array(views.prefix(1))
        others = Array(views.dropFirst())
    }
}

/// A scheduler in the ranking of a workload.
struct RankingRow {
    /// The scheduler.
    let scheduler: String
    /// Whether it is the best, or may be; nil for the others.
    let rank: String?
    /// The figure with its unit, or the outcome.
    let figure: String
    /// The figure to the digits of `results.csv`; nil without one.
    let digits: String?
    /// The interval of the figure.
    let interval: String
    /// How many times as much as the best it takes.
    let factor: String
    /// The interval of that.
    let factorInterval: String
    /// Switches per operation.
    let switches: String
    /// System calls per operation.
    let systemCalls: String
    /// What limits the figure.
    let remark: String

    /// Shows a row.
    init(_ row: WorkloadScreen.Row, unit: String, isAlone: Bool) {
        scheduler = row.scheduler
        rank = row.couldBeBest ? (isAlone ? "best" : "could be the best") : nil
        figure = row.figure
        digits = row.value.map(Figure.plain)
        interval = Self.ends(row.interval).map { Wording.interval($0, unit: unit) } ?? ""
        factor = row.factor.map { "\(Figure.significant($0))x" } ?? ""
        factorInterval = Self.ends(row.factorInterval).map(Wording.ratios) ?? ""
        switches = row.switches.map(Wording.count) ?? ""
        systemCalls = row.systemCalls.map(Wording.count) ?? ""
        remark = row.remark
    }

    private static func ends(_ interval: [Double]?) -> Interval? {
        guard let interval, let low = interval.first, let high = interval.last else { return nil }
        return Interval(low: low, high: high)
    }
}
