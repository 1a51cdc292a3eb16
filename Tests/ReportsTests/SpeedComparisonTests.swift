// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports
import Testing

@Suite struct `Two runs between which the machine changed its speed` {
    /// Values of six processes that scatter by a few per mille.
    private static let steady = [99.8, 99.9, 100, 100, 100.1, 100.2]
    /// Yardsticks that differ by a factor of two from process to process.
    private static let restless = [36_000.0, 40_000, 48_000, 55_000, 66_000, 75_000]

    private static func row(
        _ factor: Double,
        slowdown: Double? = 1,
        _ metric: Metric = .time("switch"),
        backend: String = "epoll"
    ) -> MeasuredRow {
        MeasuredRow(
            cell: CellLabel(workload: "yield", parameters: "a=1", backend: backend, switching: "soft", cpus: "1"),
            metric: metric,
            status: .ok,
            figure: 100,
            values: steady.map { $0 * factor },
            yardsticks: slowdown.map { slowdown in restless.map { $0 * slowdown } } ?? []
        )
    }

    private static func compare(_ old: [MeasuredRow], _ new: [MeasuredRow]) -> RunComparison {
        RunComparison(of: new, to: old, threshold: 1.03)
    }

    private static func verdict(_ old: MeasuredRow, _ new: MeasuredRow) -> Change.Verdict? {
        compare([old], [new]).rows.first?.change?.verdict
    }

    @Test(
        arguments: [
            (1.2, 1.2, Change.Verdict.undecided),
            // Some of the slowdown acts on it, or none at all.
            (1.1, 1.2, .undecided), (1, 1.2, .undecided),
            // More than the slowdown, and the other way round.
            (1.35, 1.2, .worse), (0.9, 1.2, .better),
            // Not by more than the threshold, if all of the slowdown acts on it.
            (1.23, 1.2, .undecided), (0.98, 1.2, .undecided),
            (1.1, 1, .worse), (0.9, 1, .better), (1.01, 1, .negligible),
        ]
    )
    func `Say of a time only what the yardsticks do not explain, and of a rate the same`(
        factor: Double,
        slowdown: Double,
        expected: Change.Verdict
    ) {
        let opposite: [Change.Verdict: Change.Verdict] = [.worse: .better, .better: .worse]
        for (metric, factor) in [(Metric.time("switch"), factor), (.throughput, 1 / factor)] {
            let (old, new) = (Self.row(1, metric), Self.row(factor, slowdown: slowdown, metric))
            #expect(Self.verdict(old, new) == expected, "\(metric.name)")
            #expect(Self.verdict(new, old) == opposite[expected] ?? expected, "\(metric.name), from new to old")
        }
    }

    @Test func `Have an interval from none of the slowdown to all of it`() throws {
        func ends(_ metric: Metric, _ factor: Double) throws -> [Double] {
            let comparison = Self.compare([Self.row(1, metric)], [Self.row(factor, slowdown: 1.25, metric)])
            let interval = try #require(comparison.rows.first?.change?.comparison?.interval)
            return [interval.low, interval.high].map { ($0 * 50).rounded() / 50 }
        }
        #expect(try ends(.time("switch"), 1.5) == [1.2, 1.5])
        #expect(try ends(.throughput, 0.8) == [0.8, 1])
        #expect(try ends(.peakMemory, 1.5) == [1.5, 1.5])
    }

    @Test(arguments: [0.8, 1, 1.2]) func `Show 10 % that one cell costs beyond the others`(slowdown: Double) {
        let backends = ["round-robin", "epoll", "dispatch", "nio"]
        let new = backends.map { backend in
            let planted = backend == "nio" ? 1.1 : 1
            return Self.row(planted * slowdown, slowdown: slowdown, backend: backend)
        }
        let comparison = Self.compare(backends.map { Self.row(1, backend: $0) }, new)
        let verdicts = comparison.rows.map(\.change?.verdict)
        // At another speed, 10 % may be what the speed does.
        #expect(verdicts.last == (slowdown == 0.8 ? .undecided : .worse))
        #expect(verdicts.dropLast().allSatisfy { $0 == (slowdown == 1 ? .negligible : .undecided) })
    }

    @Test func `Differ in memory, on which the speed does not act`() {
        let comparison = Self.compare([Self.row(1, .peakMemory)], [Self.row(1.2, slowdown: 1.2, .peakMemory)])
        #expect(comparison.rows.map(\.change?.verdict) == [.worse])
        #expect(comparison.rows.map(\.change?.comparison?.slowdown) == [nil])
        #expect(!ComparisonTable.text(comparison).contains("yardstick,"))
    }

    @Test func `Have a table that says how much slower the machine was`() {
        let old = [Self.row(1), Self.row(1, backend: "nio"), Self.row(1, .peakMemory, backend: "nio")]
        let new = [
            Self.row(1.2, slowdown: 1.2), Self.row(2, slowdown: 1.1, backend: "nio"),
            Self.row(2, slowdown: 1.1, .peakMemory, backend: "nio"),
        ]
        #expect(
            ComparisonTable.text(Self.compare(old, new)) == """
                | workload | backend | switching | metric      |    old |    new | ratio | yardstick | 95 % interval | verdict     |
                |----------|---------|-----------|-------------|-------:|-------:|------:|----------:|--------------:|-------------|
                | yield    | epoll   | soft      | switch      | 100 ns | 100 ns |  1.20 |      1.20 |  0.998 – 1.20 | cannot tell |
                | yield    | nio     | soft      | switch      | 100 ns | 100 ns |  2.00 |      1.10 |   1.81 – 2.00 | worse       |
                | yield    | nio     | soft      | peak-memory |  100 B |  100 B |  2.00 |           |   2.00 – 2.00 | worse       |

                The yardstick, fixed work before and after every turn, took 1.15 times as long in NEW as in OLD (the median of the times and rates compared, which are from 1.10 to 1.20). How much of that acts on a time or a rate is unknown: the interval covers everything from none of it to all, and "better" and "worse" hold for both.

                3 rows compared: 2 worse, 0 better, 0 no difference, 1 cannot tell, 0 too few processes, 0 below resolution; 0 not comparable

                """
        )
    }

    @Test(arguments: [(nil, nil), (1, nil), (nil, 1)] as [(Double?, Double?)])
    func `Are compared as measured where one has no yardsticks, and the table says so`(old: Double?, new: Double?) {
        let comparison = Self.compare([Self.row(1, slowdown: old)], [Self.row(1.2, slowdown: new)])
        #expect(comparison.rows.map(\.change?.verdict) == [.worse])
        #expect(
            ComparisonTable.text(comparison).contains("\n\nWhether the machine was as fast in NEW as in OLD is unknown")
        )
    }
}
