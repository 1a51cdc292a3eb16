// SPDX-License-Identifier: Apache-2.0

import Measurement

/// What the machine's speed means for the comparison of two runs.
enum SpeedSentence {
    /// The sentences; nil where the speed acts on nothing that was compared.
    static func text(_ rows: [ComparedRow]) -> String? {
        let comparisons = rows.filter { $0.old?.metric.dependsOnSpeed == true }.compactMap(\.change?.comparison)
        let slowdowns = comparisons.compactMap(\.slowdown)
        guard let middle = Statistics.median(slowdowns), let least = slowdowns.min(), let most = slowdowns.max() else {
            return comparisons.isEmpty ? nil : unknown
        }
        return known(middle: times(middle), least: times(least), most: times(most))
    }

    private static func known(middle: String, least: String, most: String) -> String {
        """
        The yardstick, fixed work before and after every turn, took \(middle) times as long in NEW as in OLD (the median \
        of the times and rates compared, which are from \(least) to \(most)). How much of that acts on a time or a rate \
        is unknown: the interval covers everything from none of it to all, and "better" and "worse" hold for both.
        """
    }

    private static let unknown = """
        Whether the machine was as fast in NEW as in OLD is unknown: a samples.csv has no yardsticks. So what is better \
        or worse may be due to the machine. 'bench report' adds the yardsticks to a run.
        """

    private static func times(_ slowdown: Double) -> String { Figure.significant(slowdown) }
}
