// SPDX-License-Identifier: Apache-2.0

import Measurement

/// How fast the processor was over the run: what the yardsticks of all turns took.
struct DriftPlot {
    /// The yardsticks of a part of the run.
    private struct Bucket {
        /// The middle of the part, in seconds since the first turn.
        var time: Double
        /// In microseconds, ascending.
        var values: [Double]
    }

    private let buckets: [Bucket]
    /// From the first turn to the last.
    private let seconds: Double
    /// What the longest yardstick at full speed takes, in microseconds.
    private let limit: Double
    private let report: RunReport

    /// The plot; nil without turns.
    static func plot(_ report: RunReport) -> Plot? {
        let turns = report.records.measured.filter(\.status.hasFigures).flatMap(\.turns)
        guard let speed = FullSpeed(of: turns), let start = turns.map(\.start).min() else { return nil }
        let times = turns.map { Double($0.start - start) / 1e9 }
        let seconds = times.max() ?? 0
        let buckets = buckets(turns, times, until: seconds)
        let plot = DriftPlot(buckets: buckets, seconds: seconds, limit: speed.limit / 1_000, report: report)
        let description = plot.description
        let title = "The processor's speed over the run"
        let svg = plot.svg(title: title, description)
        return Plot(name: "drift", title: title, description: description, svg: svg)
    }

    /// Equal parts of the time from the first turn to the last; without those in which no turn began.
    private static func buckets(_ turns: [Turn], _ times: [Double], until end: Double) -> [Bucket] {
        let width = max(end / Double(most), 1e-9)
        let groups = Dictionary(grouping: zip(turns, times)) { min(Int($0.1 / width), most - 1) }
        return groups.sorted { $0.key < $1.key }.map { index, turns in
            let values = turns.flatMap { [Double($0.0.before), Double($0.0.after)] }.map { $0 / 1_000 }
            return Bucket(time: (Double(index) + 0.5) * width, values: values.sorted())
        }
    }

    private static let most = 220

    private func svg(title: String, _ description: String) -> String {
        var canvas = Canvas()
        let caption = "What the yardstick takes before and after each turn, from the least to the most, and the median"
        let top = 8 + canvas.paragraph(caption, top: 8) + 8
        let area = PlotArea(top: top, height: 200, x: timeAxis, y: axis)
        let below = area.drawAxes(title: "seconds since the first turn", on: &canvas)
        canvas.group(style: "swy-rest") { canvas in
            canvas.path(buckets.map { bar($0, area) }, style: "swy-thin")
        }
        canvas.group(style: "swy-best") { canvas in
            canvas.path(buckets.map { median($0, area) }, style: "swy-dots")
        }
        let line = area.level(limit * 1_000)
        canvas.path([line], style: "swy-limit", dash: [5, 3])
        let end = legend.draw(top: below + 6, on: &canvas)
        return canvas.svg(name: "drift", title: title, description: description, height: end + 8)
    }

    /// Interrupts make a few yardsticks many times as long: those reach to the end of the axis.
    private var axis: Axis {
        let values = buckets.flatMap(\.values)
        let high = Statistics.percentile(99.5, of: values) ?? limit
        let top = max(limit * 1.2, high) * 1_000
        let least = (values.min() ?? 0) * 900
        return Axis(least...max(top, least), isLogarithmic: false, ticks: Axis.linear([top], unit: "ns").ticks)
    }

    /// Up to the end of the run.
    private var timeAxis: Axis {
        Axis(0...seconds, isLogarithmic: false, ticks: Axis.linear([seconds], unit: "").ticks)
    }

    private func bar(_ bucket: Bucket, _ area: PlotArea) -> [Point] {
        let ends = [bucket.values[0], bucket.values[bucket.values.count - 1]]
        return ends.map { area.place(bucket.time, $0 * 1_000) }
    }

    private func median(_ bucket: Bucket, _ area: PlotArea) -> [Point] {
        let place = area.place(bucket.time, middle(bucket) * 1_000)
        return [place, place]
    }

    private func middle(_ bucket: Bucket) -> Double { Statistics.percentile(50, of: bucket.values) ?? 0 }

    private var legend: Legend {
        let limit = Legend.Entry(label: "limit of full speed") { place, canvas in
            canvas.path([[place, Point(x: place.x + 24, y: place.y)]], style: "swy-limit", dash: [5, 3])
        }
        return Legend([
            Legend.Entry("median", style: "swy-best"), Legend.Entry("least to most", style: "swy-rest"), limit,
        ])
    }

    private var description: String {
        let values = buckets.flatMap(\.values).sorted()
        func time(_ microseconds: Double?) -> String { Figure.readable((microseconds ?? 0) * 1_000, unit: "ns") }
        let share = report.fullSpeedShare.map { " \(Figure.percent($0, of: 1)) of the turns ran at full speed." } ?? ""
        return
            "Over \(Figure.significant(seconds)) s, the yardstick took at least \(time(values.first)), in the middle "
            + "\(time(Statistics.median(values))), and at most \(time(values.last)); full speed is up to "
            + "\(time(limit)).\(share)"
    }
}
