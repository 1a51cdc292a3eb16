// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement
@testable import Reports

@Suite("Results of the page and of results.json")
struct ResultsTableTests {
    private static let report = RunReport(
        ReportFixture.description,
        environment: ReportFixture.environment,
        records: (1...4).flatMap { round in
            [
                ReportFixture.record(ReportFixture.cell("round-robin"), round, 31.23456 + Double(round) / 7),
                ReportFixture.record(ReportFixture.cell("epoll", cpus: "0,2"), round, 1e7 / 3 * Double(round)),
            ]
        } + ReportFixture.records.suffix(1)
    )

    /// The data of the page's script.
    private struct Data: Decodable {
        var rows: [[Element]]
        var words: [String]

        enum Element: Decodable {
            case word(Int)
            case figures([String])

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                do { self = .word(try container.decode(Int.self)) } catch {
                    self = .figures(try container.decode([String].self))
                }
            }
        }

        /// The digits of a row's figures, in order.
        func digits(_ row: [Element]) -> [String] {
            row.flatMap { element -> [String] in
                if case .figures(let texts) = element { Array(texts.dropFirst()) } else { [] }
            }
        }
    }

    private static func data(_ page: String) throws -> Data {
        let match = try #require(page.firstMatch(of: /<script type="application\/json" id="data">(.*)<\/script>/))
        return try JSONText.value(Data.self, from: String(match.output.1))
    }

    private static let csv = Result { try CSVTable(ResultsFile.text(report.rows), needs: ["median"]).rows }

    @Test("the script has every row of results.csv, with its digits")
    func digits() throws {
        let data = try Self.data(PageFixture.page(Self.report))
        let rows = try Self.csv.get()
        #expect(data.rows.count == rows.count)
        for (row, line) in zip(data.rows, rows) {
            let columns = [
                "median", "ci_low", "ci_high", "ratio", "ratio_low", "ratio_high", "smallest_effect", "full_speed",
            ]
            #expect(data.digits(row) == columns.map { line[$0] }.filter { !$0.isEmpty })
        }
        #expect(rows.contains { !$0["ratio_high"].isEmpty })
    }

    @Test("without a script, the table has the headlines, with the same digits")
    func headlines() throws {
        let page = try PageFixture.page(Self.report)
        let body = try #require(page.firstMatch(of: /id="results-table"(?s:.*?)<\/table>/)).output
        for row in Self.report.rows {
            let value = row.figures.map { "data-value=\"\(Figure.plain($0.value))\"" }
            #expect(value.map { body.contains($0) } != !row.isHeadline)
        }
        #expect(body.matches(of: /<tr><th scope="row">/).count == Self.report.rows.count(where: \.isHeadline))
    }

    @Test("a cell that failed has a row that says so, and the baseline is called that")
    func outcomes() throws {
        let page = try PageFixture.page(Self.report)
        #expect(page.contains(#"<td>round-trip</td><td class="number">FAILED</td><td class="number"></td>"#))
        #expect(page.contains("<td>FAILED</td></tr>"))
        #expect(page.contains(#"<td class="number">baseline</td>"#))
    }

    @Test("a figure that is no time, memory or rate says its unit")
    func units() {
        #expect(ResultText.figure(2, unit: "per-operation") == "2.00 per operation")
        #expect(ResultText.figure(2, unit: "ns") == "2.00 ns")
    }

    @Test("results.json has the numbers of results.csv, and the screens")
    func json() throws {
        struct File: Decodable {
            struct Row: Decodable {
                var workload: String
                var parameters: [String: Int]
                var metric: String
                var status: String
                var processes: Int?
                var value: Double?
                var interval: Interval?
                var ratio: Double?
                var verdict: String?
            }
            struct Plan: Decodable { var seed: UInt64 }
            var version: Int
            var firstScreen: FirstScreen
            var workloads: [WorkloadScreen]
            var results: [Row]
            var plan: Plan
            var environment: EnvironmentRecord
            var calibration: Calibration?
        }
        let text = try ResultsJSON.text(Self.report, nil, PageFixture.screen, nil, PageFixture.workloads)
        let file = try JSONText.value(File.self, from: text)
        #expect(file.version == 1 && file.plan.seed == 7)
        #expect(file.firstScreen == PageFixture.screen && file.workloads == PageFixture.workloads)
        #expect(file.environment == ReportFixture.environment && file.calibration == ReportFixture.calibration)
        let rows = try Self.csv.get()
        #expect(file.results.count == rows.count)
        for (row, line) in zip(file.results, rows) {
            #expect([row.workload, row.metric, row.status] == ["workload", "metric", "status"].map { line[$0] })
            #expect(
                [row.value, row.interval?.low, row.ratio] == ["median", "ci_low", "ratio"].map { Double(line[$0]) }
            )
            #expect(row.processes == Int(line["rounds"]) && row.verdict ?? "" == line["verdict"])
        }
        #expect(file.results[0].parameters == ["messages": 100, "a": 1])
    }

    @Test("the same data makes the same results.json, with sorted keys and a line per row")
    func determinism() throws {
        let texts = try (0..<2).map { _ in
            try ResultsJSON.text(Self.report, nil, PageFixture.screen, nil, PageFixture.workloads)
        }
        #expect(texts[0] == texts[1])
        let keys = texts[0].split(separator: "\n").compactMap { $0.firstMatch(of: /^"(\w+)":/)?.output.1 }
        #expect(keys == keys.sorted() && keys.count == 9)
        #expect(texts[0].count(of: #"{"backend":"#) > 2)
    }
}

@Suite("Parts of the page")
struct PagePartTests {
    @Test("backticks surround names, and one without a partner is text")
    func prose() {
        func pieces(_ text: String) -> [String] {
            Prose(text).pieces.map { $0.code.map { "<\($0)>" } ?? $0.plain ?? "" }
        }
        #expect(pieces("a `b` c `d`") == ["a ", "<b>", " c ", "<d>", ""])
        #expect(pieces("a `b") == ["a ", "`b"])
        #expect(pieces("`") == ["", "`"])
        #expect(pieces("") == [""])
    }

    @Test("anchors are plain words, and each is given once")
    func anchors() {
        var anchors = Anchors()
        #expect(anchors.anchor("workload", "echo-idle idle=1000") == "workload-echo-idle-idle-1000")
        #expect(anchors.anchor("workload", "Echo idle, idle 1000 ×ü") == "workload-echo-idle-idle-1000-again-2")
        #expect(anchors.anchor("workload", "<>") == "workload")
    }
}
