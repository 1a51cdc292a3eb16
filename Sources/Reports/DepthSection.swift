// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The section on the depth of the stack: what a switch costs with so many bytes of live frames, and from where on that
/// is ten times a soft switch.
enum DepthSection {
    static let title = "Switches against the depth of the stack"

    /// The section, in Markdown; empty where `depth` did not run.
    static func text(_ rows: [ResultRow]) -> String { MarkdownTable.section(title, explanation, tables(rows)) }

    /// What the table shows.
    static let explanation = """
        A round trip, two switches and two messages, of tasklets that wait below so many bytes of synchronous frames. With \
        0 bytes they wait in asynchronous code; with more, `soft` and `continuation` switch hard, and are counted so. The \
        last column says from which depth on a round trip takes \(Figure.fixed(DepthSweep.factor, decimals: 0)) times as \
        long as a soft one with 0 bytes, of the same backend if it has one, on straight lines between the measured depths.
        """

    /// A table with a line per scheduler; none where `depth` did not run.
    static func tables(_ rows: [ResultRow]) -> [MarkdownTable] {
        let sweeps = DepthSweep.all(rows)
        let depths = Set(sweeps.flatMap { $0.figures.map(\.bytes) }).sorted()
        guard !depths.isEmpty else { return [] }
        var table = MarkdownTable(
            [("backend", .left), ("switching", .left)] + depths.map { (size(Double($0)), .right) }
                + [("ten soft ones", .left)]
        )
        for sweep in sweeps {
            let figures = Dictionary(uniqueKeysWithValues: sweep.figures.map { ($0.bytes, $0.figures) })
            table.add(
                [sweep.cell.scheduler, sweep.cell.switching]
                    + depths.map { figures[$0].map { Wording.figure($0, unit: sweep.cell.metric.unit) } ?? "" }
                    + [sweep.tenfold.map(text) ?? ""]
            )
        }
        return [table]
    }

    private static func text(_ tenfold: DepthSweep.Tenfold) -> String {
        switch tenfold {
        case .from(let bytes): "from \(size(bytes)) on"
        case .always: "at every depth"
        case .notUpTo(let bytes): "not up to \(size(Double(bytes)))"
        }
    }

    private static func size(_ bytes: Double) -> String { bytes == 0 ? "0 B" : Figure.readable(bytes, unit: "bytes") }
}
