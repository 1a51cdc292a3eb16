// SPDX-License-Identifier: Apache-2.0

/// The ratio of a metric in two runs, between which the machine may have changed its speed.
///
/// The yardsticks say how fast the machine was, but not how much of that acts on a metric: all of it on a computation,
/// hardly any on the wait for a timer. Where they took `s` times as long in the new run, an unchanged program may take
/// anything from 1 to `s` times as long. This uncertainty is systematic: more processes do not make it smaller. So
/// there are two ratios, one as measured, and one with all of `s` taken out. The interval reaches over those of both,
/// which covers whatever part of `s` acts, and the p-value is the larger one.
///
/// Both have the scatter of the processes as measured. The speeds that the processes of a run met can add to that
/// scatter, but take nothing from it, so that the interval is not too narrow. To divide every value by the yardstick
/// of its own process instead would add the scatter of the yardsticks to metrics on which the speed hardly acts, and
/// hide their changes.
package struct CrossRunComparison: Sendable, Equatable {
    /// How many times as long the yardsticks took in the new run; nil for a metric on which the speed does not act,
    /// and where a run has no yardsticks.
    package let slowdown: Double?
    private let measured: Comparison
    /// With all of the slowdown taken out.
    private let atOldSpeed: Comparison

    /// Compares the row of a new run with that of an old one; returns nil where one has no values, or one that is not
    /// positive.
    package init?(of new: MeasuredRow, to old: MeasuredRow) {
        // The files do not say whether rounds followed until cells looked settled, as they do by default.
        let stopping = Stopping.whenSettled(after: 0)
        guard let measured = Comparison(of: new.values, to: old.values, stopping: stopping) else { return nil }
        self.measured = measured
        slowdown = new.metric.dependsOnSpeed ? Comparison(of: new.yardsticks, to: old.yardsticks)?.ratio : nil
        atOldSpeed = slowdown.map { measured.dividing(by: new.metric.isRate ? 1 / $0 : $0) } ?? measured
    }

    /// The new value divided by the old one, as measured.
    package var ratio: Double { measured.ratio }

    /// The ratio, if none of the slowdown acts on the metric, and if all of it does.
    package var ratios: [Double] { [measured.ratio, atOldSpeed.ratio] }

    /// The 95 % confidence interval of the ratio at equal speeds, whatever part of the slowdown acts on the metric;
    /// nil where a run has fewer than three processes.
    package var interval: Interval? {
        guard let one = measured.interval, let other = atOldSpeed.interval else { return nil }
        return Interval(low: min(one.low, other.low), high: max(one.high, other.high))
    }

    /// The probability of such a ratio if only the speed differs between the runs, as a two-sided p-value; nil as
    /// above.
    ///
    /// It is 1 where the slowdown may be all of the change.
    package var probability: Double? {
        guard let one = measured.probability, let other = atOldSpeed.probability else { return nil }
        return (measured.ratio > 1) == (atOldSpeed.ratio > 1) ? max(one, other) : 1
    }
}
