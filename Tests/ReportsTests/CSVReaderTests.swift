// SPDX-License-Identifier: Apache-2.0

import Measurement
import Testing

@testable import Reports

@Suite("Reading CSV")
struct CSVReaderTests {
    private func records(_ text: String) throws -> [CSVReader.Record] {
        var reader = CSVReader(text)
        var records: [CSVReader.Record] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }

    private func error(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "no error"
        } catch {
            return (error as? CSVError)?.sentence(path: "a.csv") ?? "\(error)"
        }
    }

    @Test("what the writer wrote is read, whatever the fields contain")
    func roundTrip() throws {
        let fields = [
            "plain", "", "0,1", "say \"go\"", "\"", "\"\"", "two\nlines", "two\r\nlines", "\r", "a=1;b=2", "µs",
        ]
        let lines = fields.indices.map { Array(fields[$0...] + fields[..<$0]) } + [[""], ["", ""]]
        #expect(try records(lines.map(CSV.line).joined()).map(\.fields) == lines)
    }

    @Test("lines may end with a carriage return and a line feed, and the last one with nothing")
    func lineEnds() throws {
        #expect(try records("a,b\r\n\"c\",\r\n\re,f").map(\.fields) == [["a", "b"], ["c", ""], ["\re", "f"]])
        #expect(try records("a,").map(\.fields) == [["a", ""]])
        #expect(try records("").isEmpty)
    }

    @Test("a record has the number of its first line, also behind quoted line ends")
    func lineNumbers() throws {
        #expect(try records("a\n\"b\n\nc\"\nd\n").map(\.line) == [1, 2, 5])
    }

    @Test(
        "quotes that are not in pairs are refused, with the line",
        arguments: [
            ("a\n\"b", "line 2 of 'a.csv' opens a quote that nothing closes"),
            ("a\n\"b\"c\n", "line 2 of 'a.csv' has text behind a quoted field"),
        ]
    )
    func quotes(text: String, sentence: String) {
        #expect(error { _ = try records(text) } == sentence)
    }

    @Test("columns are found by name, wherever they are")
    func columns() throws {
        let table = try CSVTable("new,b,a\n0,2,1\n", needs: ["a", "b"])
        #expect(table.rows.map { [$0["a"], $0["b"], $0["none"]] } == [["1", "2", ""]])
    }

    @Test(
        "a missing column and a line with another number of fields are refused",
        arguments: [
            ("", "'a.csv' has no column 'a'"), ("a,c\n1,2\n", "'a.csv' has no column 'b'"),
            ("a,b\n1,2\n1\n", "line 3 of 'a.csv' has 1 field instead of 2"),
            ("a,b\n1,2,3\n", "line 2 of 'a.csv' has 3 fields instead of 2"),
        ]
    )
    func shape(text: String, sentence: String) {
        #expect(error { _ = try CSVTable(text, needs: ["a", "b"]) } == sentence)
    }

    @Test("a field that is no finite number is refused", arguments: ["", "fast", "nan", "inf", "1 "])
    func numbers(text: String) throws {
        let row = try #require(try CSVTable("value\n1\n\(text)\n", needs: ["value"]).rows.last)
        #expect(
            error { _ = try row.number("value") } == "line 3 of 'a.csv' has the value '\(text)' instead of a number"
        )
    }

    @Test("the files of a run are read as they were written")
    func files() throws {
        let samples = try SamplesFile.values(
            SamplesFile.text(ReportFixture.report)
        )
        let rows = try ResultsFile.rows(ResultsFile.text(ReportFixture.report.rows), samples: samples)
        #expect(rows.map(\.cell.backend) == ["round-robin", "round-robin", "epoll", "epoll", "dispatch"])
        #expect(rows.map(\.values) == [[30, 33], [2, 2], [60, 66], [2, 2], []])
        #expect(rows.map(\.figure) == [31.4643, 2, 62.9285, 2, nil])
        #expect(rows.map(\.status) == [.ok, .ok, .ok, .ok, .failed])
        #expect(rows.map(\.metric) == ReportFixture.report.rows.map(\.metric))
        #expect(rows[2].cell.cpus == "0,2")
        #expect(rows[2].cell.parameters == "a=1;messages=100")
    }

    @Test("the two builds of a run are different cells")
    func builds() throws {
        let key = "workload,parameters,backend,switching,cpus,metric"
        let results = """
            \(key),unit,direction,median,status,build
            ring,,epoll,soft,1,hop,ns,lower,1,ok,HEAD~1
            ring,,epoll,soft,1,hop,ns,lower,2,ok,

            """
        let samples = "\(key),value,build\nring,,epoll,soft,1,hop,2,\nring,,epoll,soft,1,hop,1,HEAD~1\n"
        let rows = try ResultsFile.rows(results, samples: SamplesFile.values(samples))
        #expect(rows.map(\.cell.build) == ["HEAD~1", ""])
        #expect(rows.map(\.values) == [[1], [2]])
        let table = ComparisonTable.text(RunComparison(of: [rows[1]], to: rows, threshold: 1.03))
        #expect(table.contains("| ring build=HEAD~1 | "))
        #expect(table.contains("1 row compared"))
    }

    @Test("two rows of the same cell and metric are refused, as are unknown directions and outcomes")
    func rows() {
        let text = ResultsFile.text(ReportFixture.report.rows)
        let mistakes = [
            (
                text + text.split(separator: "\n")[1] + "\n",
                "line 7 of 'a.csv' repeats the cell and the metric of line 2"
            ),
            (
                text.replacing(",lower,", with: ",up,", maxReplacements: 1),
                "line 2 of 'a.csv' has the direction 'up' instead of one of lower, higher, info"
            ),
            (
                text.replacing(",failed,", with: ",bad,"),
                "line 6 of 'a.csv' has the status 'bad' instead of one of ok, failed, unsupported, debug"
            ),
        ]
        for (text, sentence) in mistakes {
            #expect(error { _ = try ResultsFile.rows(text, samples: [:]) } == sentence)
        }
    }
}
