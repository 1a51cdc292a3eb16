// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement
@testable import Reports

@Suite struct `Peers take no part in what ranks schedulers` {
    /// A peer that is faster than both schedulers, and one that failed.
    private static let report = {
        var run = SyntheticRun()
        for (scheduler, value) in [("epoll soft", 50), ("nio soft", 100), ("peer:st native", 10)] as [(String, Double)]
        {
            run.add("ping-pong", scheduler, value)
        }
        run.add("ping-pong", "peer:go native", 10, status: .failed)
        return run.report
    }()

    @Test func `The first screen names the best scheduler`() throws {
        let line = try #require(FirstScreen(Self.report).lines.first)
        #expect(line.best == "epoll")
        #expect(line.worst == line.next)
        #expect(abs((line.worst.flatMap { Double($0.dropLast()) } ?? 0) - 2) < 0.1)
    }

    @Test func `The ranking of a workload has schedulers only, also where a peer failed`() {
        #expect(WorkloadScreen.all(Self.report).map { $0.rows.map(\.scheduler) } == [["epoll", "nio"]])
    }

    @Test func `No pair has a peer`() {
        #expect(Self.report.sideBySide.pairs.map(\.scheduler.backend) == ["nio"])
    }

    @Test func `The plots of a workload show schedulers only`() throws {
        let plots = Plots.all(Self.report, WorkloadScreen.all(Self.report)).filter { $0.workload != nil }
        #expect(plots.map(\.name) == ["ratio-ping-pong", "processes-ping-pong"])
        for plot in plots { #expect(!plot.description.contains("peer:") && !plot.svg.contains("peer:")) }
    }

    @Test func `The table of all results has them`() {
        let text = SummaryTable.text(Self.report)
        #expect(text.contains("peer:st") && text.contains("peer:go"))
    }
}
