// SPDX-License-Identifier: Apache-2.0

/// The shortest times that a run can measure, from its calibration: three times what measuring costs.
///
/// The clock is read just before and just after what is timed, within code that costs about as much as an empty loop.
/// Of what takes less than three times that, more than a third is the cost of measuring it, and no number of
/// repetitions takes that away.
package struct Resolution: Sendable, Equatable {
    /// The shortest single time, in nanoseconds: of a wait, or of a run of a workload.
    private let single: Double
    /// The shortest time per operation that is a difference of two loops, in nanoseconds: the clock is read outside
    /// them.
    private let difference: Double

    /// Takes the costs from a calibration; nil where that does not have them.
    package init?(_ calibration: Calibration?) {
        guard let clock = calibration?.cost(of: Calibration.clockRead),
            let loop = calibration?.cost(of: Calibration.emptyLoop)
        else { return nil }
        single = Self.factor * (clock + loop)
        difference = Self.factor * loop
    }

    /// Whether a figure is a time shorter than this, or follows from one; it then says little.
    ///
    /// - Parameters:
    ///   - figure: the figure, in the metric's unit.
    ///   - isWait: whether it comes from single waits, instead of runs.
    ///   - operations: the operations of a run.
    func hides(_ figure: Double, of metric: Metric, isWait: Bool, operations: Int) -> Bool {
        if metric == .armAndCancel { return figure < difference }
        if isWait { return figure < single }
        return metric.timeOfRun(figure, operations: Double(max(operations, 1))).map { $0 < single } ?? false
    }

    /// How many times the cost of measuring a figure has to be.
    package static let factor = 3.0
}

extension Metric {
    /// How long a run took, in nanoseconds, by the time per operation or the operations per second; nil for other
    /// metrics.
    fileprivate func timeOfRun(_ figure: Double, operations: Double) -> Double? {
        if unit == "ns" { return figure * operations }
        guard self == .throughput || self == .requestsPerSecond else { return nil }
        return figure > 0 ? operations * 1e9 / figure : nil
    }
}
