// SPDX-License-Identifier: Apache-2.0

import Foundation
import FoundationXML
import ParameterValues

@testable import Measurement
@testable import Reports

/// Runs with few figures, whose plots are known.
enum PlotFixture {
    static func cell(
        _ backend: String = "epoll",
        _ parameters: [String: Int] = [:],
        switching: String = "soft",
        workload: String = "skynet",
        metric: Metric = .time("leaf"),
        workers: Int? = nil
    ) -> Cell {
        Cell(
            workload: workload,
            parameters: parameters.mapValues { .number($0) },
            backend: backend,
            switching: switching,
            cpus: "1",
            metric: metric,
            workers: workers
        )
    }

    static func record(
        _ cell: Cell,
        _ value: Double,
        round: Int = 1,
        turns: [Turn] = [],
        waits: [String: LatencyHistogram] = [:],
        status: TrialStatus = .ok
    ) -> TrialRecord {
        TrialRecord(
            trial: Trial(cell: cell, round: round, minimumTime: 0.1, timeLimit: 60),
            status: status,
            measures: status == .ok ? [Measure(cell.metric, value)] : [],
            turns: turns,
            histograms: waits,
            operations: 1,
            runs: 1
        )
    }

    /// A turn whose yardsticks take so many microseconds.
    static func turn(at seconds: Double, elapsed: UInt64 = 100, yardstick: Double) -> Turn {
        let time = UInt64(yardstick * 1_000)
        return Turn(start: 5_000_000_000 + UInt64(seconds * 1e9), runs: 1, elapsed: elapsed, before: time, after: time)
    }

    static func waits(_ nanoseconds: some Sequence<UInt64>) -> LatencyHistogram {
        nanoseconds.reduce(into: LatencyHistogram()) { $0.record($1) }
    }

    static func report(_ records: [TrialRecord]) -> RunReport {
        let description = RunDescription(
            arguments: [],
            plan: Plan(cells: records.map(\.trial.cell).unique, rounds: 3, seed: 1, minimumTime: 0.1, timeLimit: 60),
            baseline: Baseline(backend: "round-robin", switching: "soft")
        )
        return RunReport(description, environment: ReportFixture.environment, records: records)
    }

    static func screen(_ rows: [WorkloadScreen.Row], label: String = "ping-pong") -> WorkloadScreen {
        WorkloadScreen(
            label: label,
            workload: "ping-pong",
            parameters: "",
            metric: "round-trip",
            unit: "ns",
            rows: rows,
            causes: [],
            blindness: []
        )
    }

    static func row(
        _ scheduler: String,
        _ factor: Double?,
        _ interval: [Double]? = nil,
        figure: String = "1 ns",
        couldBeBest: Bool = false
    ) -> WorkloadScreen.Row {
        WorkloadScreen.Row(
            scheduler: scheduler,
            value: factor,
            figure: figure,
            factor: factor,
            factorInterval: interval,
            couldBeBest: couldBeBest,
            remark: ""
        )
    }
}

/// The elements of an SVG, in order.
struct ParsedSVG {
    /// An element, and the classes of those around it.
    struct Element {
        var name: String
        var attributes: [String: String]
        var text = ""
        var groups: [String]

        func number(_ attribute: String) -> Double { attributes[attribute].flatMap(Double.init) ?? .nan }
        var style: String { attributes["class"] ?? "" }

        /// The points of a path, one array for each of its parts.
        var paths: [[Point]] {
            (attributes["d"] ?? "").split(separator: "M").map { part in
                part.split(separator: " ").map(Self.point)
            }
        }

        private static func point(_ pair: Substring) -> Point {
            let numbers = pair.split(separator: ",").map { Double(String($0)) ?? .nan }
            return Point(x: numbers[0], y: numbers[1])
        }
    }

    let elements: [Element]

    /// Nil if it is not well-formed.
    init?(_ text: String) {
        let reader = Reader()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = reader
        guard parser.parse() else { return nil }
        elements = reader.elements
    }

    func all(_ name: String, _ style: String? = nil, in group: String? = nil) -> [Element] {
        elements.filter { element in
            element.name == name && (style == nil || element.style == style)
                && (group.map(element.groups.contains) ?? true)
        }
    }

    var texts: [String] { all("text").map(\.text) }

    /// The lines of text that a wide font would cut off.
    var textsBeyondViewBox: [String] {
        let height = all("svg")[0].number("height")
        return all("text").filter { text in
            let width = PlotText.width(text.text)
            let shares: [String: Double] = ["end": 1, "middle": 0.5]
            let left = text.number("x") - width * (shares[text.attributes["text-anchor"] ?? ""] ?? 0)
            return left < 0 || left + width > Canvas.width || !(10...height - 3).contains(text.number("y"))
        }.map(\.text)
    }

    private final class Reader: NSObject, XMLParserDelegate {
        var elements: [Element] = []
        private var open: [Int] = []

        func parser(
            _ parser: XMLParser,
            didStartElement name: String,
            namespaceURI: String?,
            qualifiedName: String?,
            attributes: [String: String]
        ) {
            let groups = open.compactMap { elements[$0].attributes["class"] }
            open.append(elements.count)
            elements.append(Element(name: name, attributes: attributes, groups: groups))
        }

        func parser(
            _ parser: XMLParser,
            didEndElement name: String,
            namespaceURI: String?,
            qualifiedName: String?
        ) {
            open.removeLast()
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) {
            if let last = open.last { elements[last].text += text }
        }
    }
}
