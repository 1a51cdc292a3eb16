// SPDX-License-Identifier: Apache-2.0

import Measurement
import ParameterValues
import Testing

@testable import Reports

@Suite("Result files")
struct ResultFilesTests {
    @Test("results.csv has a row per cell and metric, in the plan's order, without figures for failed cells")
    func results() {
        #expect(
            ResultsFile.text(ReportFixture.report.rows) == """
                workload,parameters,backend,switching,cpus,metric,unit,direction,rounds,median,ci_low,ci_high,min,max,\
                ratio,ratio_low,ratio_high,status,p_corrected,verdict,smallest_effect,full_speed,build,workers,\
                resolution
                ping-pong,a=1;messages=100,round-robin,soft,1,round-trip,ns,lower,2,31.4643,,,30,33,,,,ok,,,,1,,1,
                ping-pong,a=1;messages=100,round-robin,soft,1,switches-soft,per-operation,info,2,2,,,2,2,,,,ok,,,,,,1,
                ping-pong,a=1;messages=100,epoll,soft,"0,2",round-trip,ns,lower,2,62.9285,,,60,66,2,,,ok,,unknown,,1,,1,
                ping-pong,a=1;messages=100,epoll,soft,"0,2",switches-soft,per-operation,info,2,2,,,2,2,,,,ok,,,,,,1,
                ping-pong,a=1;messages=100,dispatch,soft,1,round-trip,ns,lower,,,,,,,,,,failed,,,,,,1,

                """
        )
    }

    @Test("a figure below resolution is one when the file is read again, and a file without the column has none")
    func resolution() throws {
        var row = ReportFixture.report.rows[0]
        row.figures?.isBelowResolution = true
        let text = ResultsFile.text([row, ReportFixture.report.rows[1]])
        #expect(try ResultsFile.rows(text, samples: [:]).map(\.isBelowResolution) == [true, false])
        let old = text.split(separator: "\n").map { line in line.prefix(upTo: line.lastIndex(of: ",") ?? line.endIndex)
        }
        #expect(try ResultsFile.rows(old.joined(separator: "\n"), samples: [:]).allSatisfy { !$0.isBelowResolution })
    }

    @Test("a figure at full speed is one when the file is read again")
    func speed() throws {
        var row = ReportFixture.report.rows[0]
        row.figures?.fullSpeedShare = nil
        for (row, expected) in [(row, false), (ReportFixture.report.rows[0], true)] {
            #expect(try ResultsFile.rows(ResultsFile.text([row]), samples: [:]).map(\.isAtFullSpeed) == [expected])
        }
        let old = ResultsFile.text([row]).replacing("full_speed", with: "other")
        #expect(try ResultsFile.rows(old, samples: [:]).map(\.isAtFullSpeed) == [nil])
    }

    @Test("samples.csv has every process's value, in the order of the trials")
    func samples() {
        #expect(
            SamplesFile.text(ReportFixture.report) == """
                workload,parameters,backend,switching,cpus,round,metric,unit,value,build,workers,yardstick
                ping-pong,a=1;messages=100,round-robin,soft,1,1,round-trip,ns,30.0,,1,50000
                ping-pong,a=1;messages=100,round-robin,soft,1,1,switches-soft,per-operation,2.0,,1,50000
                ping-pong,a=1;messages=100,epoll,soft,"0,2",1,round-trip,ns,60.0,,1,50000
                ping-pong,a=1;messages=100,epoll,soft,"0,2",1,switches-soft,per-operation,2.0,,1,50000
                ping-pong,a=1;messages=100,epoll,soft,"0,2",2,round-trip,ns,66.0,,1,50000
                ping-pong,a=1;messages=100,epoll,soft,"0,2",2,switches-soft,per-operation,2.0,,1,50000
                ping-pong,a=1;messages=100,round-robin,soft,1,2,round-trip,ns,33.0,,1,50000
                ping-pong,a=1;messages=100,round-robin,soft,1,2,switches-soft,per-operation,2.0,,1,50000

                """
        )
    }

    @Test("samples.csv says how fast the processor was in the turns that a value comes from, and no others")
    func yardsticks() throws {
        var records = ReportFixture.records.dropLast()
        // Three times as long, and too slow to count for the time per operation.
        records[0].turns.append(Turn(start: 2, runs: 1, elapsed: 9_000, before: 80_000, after: 100_000))
        let report = RunReport(
            ReportFixture.description,
            environment: ReportFixture.environment,
            records: Array(records)
        )
        let lines = SamplesFile.text(report).split(separator: "\n")
        #expect(lines[1].hasSuffix(",round-trip,ns,30.0,,1,50000"))
        #expect(lines[2].hasSuffix(",switches-soft,per-operation,2.0,,1,80000"))
        let values = try SamplesFile.values(SamplesFile.text(report))
        let yardsticks = values.filter { $0.key.metric == "switches-soft" && $0.key.cell.backend == "round-robin" }
        #expect(yardsticks.values.map(\.yardsticks) == [[80_000, 50_000]])
        let older = lines.map { $0.prefix(upTo: $0.lastIndex(of: ",") ?? $0.endIndex) }.joined(separator: "\n")
        #expect(try SamplesFile.values(older).values.allSatisfy { $0.yardsticks.isEmpty && !$0.values.isEmpty })
    }

    @Test("a record round-trips through a line of trials.jsonl")
    func records() throws {
        for record in ReportFixture.records {
            let line = try JSONText.line(record)
            #expect(!line.contains("\n"))
            #expect(try JSONText.value(TrialRecord.self, from: line) == record)
        }
    }

    @Test("the description of a run round-trips through run.json")
    func description() throws {
        var description = ReportFixture.description
        description.samplingDuration = 2
        description.spent = 1.5
        description.disturbances = ["The load was 3 per CPU in the minute before the run."]
        description.profiles = [ProfileEntry(cell: ReportFixture.cell("epoll"), failure: "too few samples")]
        #expect(try JSONText.value(RunDescription.self, from: JSONText.page(description)) == description)
    }

    @Test("the environment record round-trips through environment.json")
    func environment() throws {
        let page = try JSONText.page(ReportFixture.environment)
        #expect(try JSONText.value(EnvironmentRecord.self, from: page) == ReportFixture.environment)
    }

    @Test("an environment.json from before dependencies were recorded still loads")
    func oldEnvironment() throws {
        var old = ReportFixture.environment
        old.dependencies = nil
        let page = try JSONText.page(old)
        #expect(!page.contains("dependencies"))
        #expect(try JSONText.value(EnvironmentRecord.self, from: page) == old)
    }
}
