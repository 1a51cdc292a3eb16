// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports
import Testing

@Suite("The comparison of two runs")
struct ComparisonTableTests {
    /// Values of six processes that scatter by a few per mille.
    private static let steady = [99.8, 99.9, 100, 100, 100.1, 100.2]
    /// The same, but for a scatter of a factor of four.
    private static let restless = [50.0, 60, 90, 110, 170, 200]

    private static func row(
        _ values: [Double],
        workload: String = "yield",
        parameters: String = "a=1",
        backend: String = "epoll",
        cpus: String = "1",
        metric: Metric = .time("switch"),
        status: TrialStatus = .ok,
        yardsticks: [Double] = [],
        isBelowResolution: Bool = false,
        isAtFullSpeed: Bool? = nil
    ) -> MeasuredRow {
        MeasuredRow(
            cell: CellLabel(
                workload: workload,
                parameters: parameters,
                backend: backend,
                switching: "soft",
                cpus: cpus
            ),
            metric: metric,
            status: status,
            figure: status == .ok ? 100 : nil,
            values: values,
            yardsticks: yardsticks,
            isBelowResolution: isBelowResolution,
            isAtFullSpeed: isAtFullSpeed
        )
    }

    private static func times(_ factor: Double) -> [Double] { steady.map { $0 * factor } }

    private static func compare(_ old: [MeasuredRow], _ new: [MeasuredRow], threshold: Double = 1.03) -> RunComparison {
        RunComparison(of: new, to: old, threshold: threshold)
    }

    /// The fields of the table's lines, without the title and the rule.
    private static func lines(_ comparison: RunComparison) -> [[String]] {
        ComparisonTable.text(comparison).split(separator: "\n").dropFirst(2).filter { $0.hasPrefix("|") }.map { line in
            line.split(separator: "|").map { String($0.trimming(while: \.isWhitespace)) }
        }
    }

    private static func verdicts(_ old: MeasuredRow..., to new: MeasuredRow...) -> [String] {
        lines(compare(old, new)).map { $0[9] }
    }

    private static func counts(_ comparison: RunComparison) -> String {
        ComparisonTable.text(comparison).split(separator: "\n").last.map(String.init) ?? ""
    }

    @Test(
        "a change is worse or better, by the metric's direction, and else there is no difference or it cannot be told",
        arguments: [
            (times(1.1), Metric.time("switch"), "worse"), (times(0.9), .time("switch"), "better"),
            (times(1.1), .throughput, "better"), (times(0.9), .throughput, "worse"),
            (times(1.01), .time("switch"), "no difference"), (times(0.99), .throughput, "no difference"),
            (restless, .time("switch"), "cannot tell"), ([100, 200], .time("switch"), "too few processes"),
            ([], .time("switch"), "too few processes"),
        ]
    )
    func verdict(new: [Double], metric: Metric, expected: String) {
        let comparison = Self.compare([Self.row(Self.steady, metric: metric)], [Self.row(new, metric: metric)])
        #expect(Self.lines(comparison).map { $0[9] } == [expected])
        #expect(comparison.hasRegression == (expected == "worse"))
    }

    @Test("a change that is significant and below the threshold is not a regression")
    func threshold() {
        let old = [Self.row(Self.steady)]
        // The interval is about 2.9 ± 0.25 %.
        let new = [Self.row(Self.times(1.029))]
        #expect(Self.lines(Self.compare(old, new)).map { $0[9] } == ["cannot tell"])
        #expect(Self.lines(Self.compare(old, new, threshold: 1.01)).map { $0[9] } == ["worse"])
        #expect(Self.lines(Self.compare(old, new, threshold: 1.04)).map { $0[9] } == ["no difference"])
        // Below 1, the threshold is the inverse.
        let lower = [Self.row(Self.times(1 / 1.029))]
        #expect(Self.lines(Self.compare(old, lower)).map { $0[9] } == ["cannot tell"])
        #expect(Self.lines(Self.compare(old, lower, threshold: 1.04)).map { $0[9] } == ["no difference"])
    }

    @Test("a row of which one figure is below resolution is neither better nor worse", arguments: [true, false])
    func resolution(isOld: Bool) {
        let comparison = Self.compare(
            [Self.row(Self.steady, isBelowResolution: isOld)],
            [Self.row(Self.times(2), isBelowResolution: !isOld)]
        )
        #expect(Self.lines(comparison).map { [$0[6], $0[9]] } == [["2.00", "below resolution"]])
        #expect(Self.counts(comparison).contains("0 worse, 0 better,"))
        #expect(Self.counts(comparison).contains("1 below resolution;"))
        #expect(!comparison.hasRegression)
    }

    @Test("times and rates of a cell that only one run has at full speed are not compared, and its memory is")
    func speed() {
        let memory = Metric.memory("memory")
        func cell(_ factor: Double, isAtFullSpeed: Bool?) -> [MeasuredRow] {
            [(Metric.time("switch"), isAtFullSpeed), (.throughput, isAtFullSpeed.map { _ in false }), (memory, nil)]
                .map { Self.row(Self.times(factor), metric: $0, isAtFullSpeed: $1) }
        }
        func lines(_ old: Bool?, _ new: Bool?) -> [[String]] {
            Self.lines(Self.compare(cell(1, isAtFullSpeed: old), cell(2, isAtFullSpeed: new))).map { [$0[3], $0[9]] }
        }
        let worse = ["memory", "worse"]
        #expect(
            lines(false, true) == [["switch, throughput", "not comparable: OLD did not run at full speed"], worse]
        )
        #expect(
            lines(true, false) == [["switch, throughput", "not comparable: NEW did not run at full speed"], worse]
        )
        let all = [["switch", "worse"], ["throughput", "better"], worse]
        #expect(lines(true, true) == all)
        #expect(lines(false, false) == all)
        // A file of a build that did not judge the speed.
        #expect(lines(nil, true) == all)
        #expect(lines(false, nil) == all)
    }

    @Test("the probabilities of a metric of a workload are corrected together, and those of others are not")
    func holm() {
        let old = [99, 100, 101.0]
        // Alone, the difference has a p-value of about 1 %.
        let new = old.map { $0 * 1.034 }
        let cells = ["a", "b", "c", "d", "e", "f"]
        func compare(_ workload: (String) -> String, _ metric: (String) -> String) -> [String] {
            let pairs = cells.map { name in
                [old, name == "a" ? new : old].map { values in
                    Self.row(
                        values,
                        workload: workload(name),
                        backend: name,
                        metric: .time(metric(name))
                    )
                }
            }
            return Self.lines(Self.compare(pairs.map { $0[0] }, pairs.map { $0[1] })).map { $0[9] }
        }
        let others = Array(repeating: "no difference", count: 5)
        #expect(compare({ _ in "yield" }, { _ in "switch" }) == ["cannot tell"] + others)
        #expect(compare({ $0 }, { _ in "switch" }) == ["worse"] + others)
        #expect(compare({ _ in "yield" }, { $0 }) == ["worse"] + others)
    }

    @Test("a row names the cell and the metric, and shows both figures, the ratio and its interval")
    func figures() {
        var old = Self.row(Self.steady, metric: .memory("parked"))
        var new = Self.row(Self.times(2), metric: .memory("parked"))
        (old.figure, new.figure) = (99, 1_234)
        #expect(
            ComparisonTable.text(Self.compare([old], [new])) == """
                | workload | backend | switching | metric |    old |      new | ratio | yardstick | 95 % interval | verdict |
                |----------|---------|-----------|--------|-------:|---------:|------:|----------:|--------------:|---------|
                | yield    | epoll   | soft      | parked | 99.0 B | 1.21 KiB |  2.00 |           |   2.00 – 2.00 | worse   |

                1 row compared: 1 worse, 0 better, 0 no difference, 0 cannot tell, 0 too few processes, 0 below resolution; 0 not comparable

                """
        )
    }

    @Test("of a cell, the first metric and every changed one are shown, and the others counted")
    func selection() {
        let metrics = [Metric.time("switch"), .throughput, .cpuTime, .peakMemory]
        let new = [Self.steady, Self.restless, Self.times(2), Self.steady]
        let comparison = Self.compare(
            metrics.map { Self.row(Self.steady, metric: $0) },
            zip(metrics, new).map { Self.row($1, metric: $0) }
        )
        #expect(
            Self.lines(comparison).map { [$0[3], $0[9]] } == [["switch", "no difference"], ["cpu-time", "worse"]]
        )
        #expect(
            Self.counts(comparison)
                == "4 rows compared: 1 worse, 0 better, 2 no difference, 1 cannot tell, 0 too few processes, "
                + "0 below resolution; 0 not comparable"
        )
    }

    @Test(
        "metrics that explain others, and longest waits, are not compared",
        arguments: [Metric.noSwitch, .longest(of: "x")]
    )
    func skipped(metric: Metric) {
        let comparison = Self.compare(
            [Self.row(Self.steady, metric: metric)],
            [Self.row(Self.times(2), metric: metric)]
        )
        #expect(comparison.rows.isEmpty)
        #expect(
            Self.compare([Self.row(Self.steady)], [Self.row(Self.steady), Self.row([1], metric: metric)]).rows.count
                == 1
        )
    }

    @Test("what cannot be compared has a reason")
    func reasons() {
        let row = Self.row(Self.steady)
        let info = Metric(name: "switch", unit: "ns", direction: .info)
        #expect(
            Self.verdicts(row, to: Self.row(Self.steady, backend: "nio"))
                == ["not comparable: only in OLD", "not comparable: only in NEW"]
        )
        #expect(Self.verdicts(row, to: Self.row([], status: .failed)) == ["not comparable: FAILED in NEW"])
        #expect(
            Self.verdicts(Self.row([], status: .failed), to: Self.row([], status: .unsupported))
                == ["not comparable: FAILED in OLD, unsupported in NEW"]
        )
        #expect(
            Self.verdicts(Self.row(Self.steady, status: .debug), to: row)
                == ["not comparable: debug build, no measurement in OLD"]
        )
        #expect(
            Self.verdicts(row, to: Self.row(Self.steady, metric: .memory("switch")))
                == ["not comparable: the unit differs"]
        )
        #expect(
            Self.verdicts(row, to: Self.row(Self.steady, metric: info)) == ["not comparable: the direction differs"]
        )
        #expect(Self.verdicts(row, to: Self.row([1, 2, 0])) == ["not comparable: a value in NEW is not positive"])
        #expect(Self.verdicts(Self.row([-1, 2, 3]), to: row) == ["not comparable: a value in OLD is not positive"])
    }

    @Test("a cell that cannot be compared has one line per reason, not one per metric")
    func onceEach() {
        let old = [.time("switch"), .throughput, .cpuTime, .peakMemory].map { Self.row(Self.steady, metric: $0) }
        let missing = Self.compare(old, [])
        #expect(Self.lines(missing).map { [$0[3], $0[4], $0[9]] } == [["", "", "not comparable: only in OLD"]])
        #expect(Self.counts(missing).hasSuffix("0 below resolution; 1 not comparable"))
        let partial = Self.compare(old, [old[1], Self.row(Self.steady, metric: .memory("cpu-time"))])
        #expect(
            Self.lines(partial).map { [$0[3], $0[4], $0[5], $0[9]] } == [
                ["switch, peak-memory", "", "", "not comparable: only in OLD"],
                ["cpu-time", "100 ns", "100 B", "not comparable: the unit differs"],
            ]
        )
        #expect(Self.counts(partial).hasPrefix("1 row compared"))
        #expect(Self.counts(partial).hasSuffix("2 not comparable"))
    }

    @Test("cells are listed by workload, with the settings that tell them apart")
    func names() {
        let old = [
            Self.row(Self.steady, workload: "yield", parameters: "a=1;b=2"),
            Self.row(Self.steady, workload: "ring", cpus: "0,2"),
            Self.row(Self.steady, workload: "yield", parameters: "a=1;b=3"),
        ]
        let new = [
            Self.row(Self.steady, workload: "ring", cpus: "1"),
            Self.row(Self.steady, workload: "yield", parameters: "a=1;b=4"),
        ]
        #expect(
            Self.lines(Self.compare(old, new)).map { $0[0] }
                == ["yield b=2", "yield b=3", "yield b=4", "ring cpus=0,2", "ring cpus=1"]
        )
    }

    @Test("every fact of the machine and the build that differs is a sentence, but for the commit")
    func environments() {
        var other = ReportFixture.environment
        (other.commit, other.date, other.loadBefore) = ("def", "2027-01-01T00:00:00Z", "9")
        #expect(EnvironmentDifferences.sentences(old: ReportFixture.environment, new: other).isEmpty)
        (other.host, other.cpuModel, other.kernel) = ("bag", "Other CPU", "Linux 7")
        (other.swift, other.build) = ("Swift 7", "debug")
        let sentences = EnvironmentDifferences.sentences(old: ReportFixture.environment, new: other)
        let subjects = ["hosts", "processors", "kernels", "versions of Swift", "builds"]
        #expect(sentences.count == subjects.count)
        for (sentence, subject) in zip(sentences, subjects) { #expect(sentence.hasPrefix("the \(subject) differ, '")) }
        #expect(sentences.first?.contains("'box' in OLD and 'bag' in NEW") == true)
    }
}

extension Substring {
    fileprivate func trimming(while isTrimmed: (Character) -> Bool) -> Substring {
        var text = drop(while: isTrimmed)
        while let last = text.last, isTrimmed(last) { text.removeLast() }
        return text
    }
}
