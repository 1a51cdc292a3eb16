// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement
@testable import Reports

@Suite struct `The screen of a workload` {
    private static let plain = TerminalText(hasColour: false)

    private static func run(_ add: (inout SyntheticRun) -> Void) throws -> WorkloadScreen {
        var run = SyntheticRun()
        add(&run)
        return try #require(WorkloadScreen.all(run.report).first)
    }

    @Test func `Ranks the schedulers, best first, and puts those without a figure last`() throws {
        let screen = try Self.run { run in
            run.add("ping-pong", "nio soft", 90)
            run.add("ping-pong", "dispatch soft", 0, status: .failed)
            run.add("ping-pong", "epoll soft", 30)
            run.add("ping-pong", "round-robin soft", 60)
        }
        #expect(screen.rows.map(\.scheduler) == ["epoll", "round-robin", "nio", "dispatch"])
        #expect(screen.rows.map(\.couldBeBest) == [true, false, false, false])
        #expect(screen.rows[3].figure == "FAILED")
        #expect(screen.rows[3].value == nil)
        #expect(screen.rows[0].factor == 1)
        let second = try #require(screen.rows[1].factor)
        let interval = try #require(screen.rows[1].factorInterval)
        #expect(abs(second - 2) < 0.1 && interval[0] < second && second < interval[1])
    }

    @Test func `Has a longer bar for a larger factor, and dashes where it is uncertain`() throws {
        let screen = try Self.run { run in
            run.add("ping-pong", "epoll soft", 30, scatter: 0.001)
            run.add("ping-pong", "nio soft", 60, scatter: 0.001)
            run.add("ping-pong", "round-robin soft", 120, scatter: 0.4)
        }
        let lines = screen.text(Self.plain).split(separator: "\n")
        func count(_ name: String, _ mark: Character) -> Int {
            lines.first { $0.contains(" \(name) ") }?.count { $0 == mark } ?? -1
        }
        #expect(count("epoll", "=") == 0)
        #expect(count("nio", "=") > 2)
        #expect(count("nio", "-") == 0)
        #expect(count("round-robin", "=") + count("round-robin", "-") > count("nio", "="))
        // The name has one of its own.
        #expect(count("round-robin", "-") > 3)
        #expect(lines.dropFirst(2).prefix(3).allSatisfy { $0.contains("|") })
    }

    @Test func `Says by which causes schedulers switch, once for all that have the same`() throws {
        let screen = try Self.run { run in
            let counts = [Measure(.switches("soft"), 2), Measure(.switches(by: "send"), 2)]
            run.add("ping-pong", "epoll soft", 30, counts: counts)
            run.add("ping-pong", "nio soft", 40, counts: counts)
            let others = [
                Measure(.switches("kernel"), 3), Measure(.switches(by: "receive"), 3), Measure(.systemCalls, 4),
                Measure(.systemCalls("futex"), 4), Measure(.systemCalls("read"), 0.001),
            ]
            run.add("ping-pong", "thread-per-task kernel", 50, counts: others)
        }
        #expect(screen.rows.map(\.switches) == [2, 2, 3])
        #expect(screen.rows.map(\.systemCalls) == [nil, nil, 4])
        #expect(
            screen.causes == [
                "Switches: send 2.00 (epoll, nio).", "Switches: receive 3.00 (thread-per-task).",
                "System calls: futex 4.00.",
            ]
        )
    }

    @Test func `Says how far schedulers with the same causes are apart, the least first`() throws {
        let screen = try Self.run { run in
            for (name, count) in [("epoll soft", 10.2), ("nio soft", 9.5)] {
                run.add("ping-pong", name, 30, counts: [Measure(.systemCalls("read"), count)])
            }
        }
        #expect(screen.causes == ["System calls: read 9.50-10.20."])
    }

    @Test func `Shows a figure of zero, which is no multiple of anything`() throws {
        let screen = try Self.run { run in
            run.add("ping-pong", "epoll soft", 30)
            run.add("ping-pong", "nio soft", 0)
        }
        #expect(screen.rows.map(\.scheduler) == ["epoll", "nio"])
        #expect(screen.rows[1].figure == "0 ns" && screen.rows[1].factor == nil)
    }

    @Test func `Marks what could be the best, also without colour`() throws {
        let screen = try Self.run { run in
            run.add("ping-pong", "epoll soft", 30)
            run.add("ping-pong", "nio soft", 90)
        }
        let text = screen.text(Self.plain)
        #expect(text.contains("\n> epoll ") && text.contains("\n  nio ") && text.contains("  > could be the best\n"))
    }

    @Test func `Says what the run could not have seen`() throws {
        let screen = try Self.run { run in
            run.add("ping-pong", "epoll soft", 30, scatter: 0.001)
            run.add("ping-pong", "nio soft", 40, scatter: 0.001)
            run.add("ping-pong", "round-robin soft", 50, scatter: 0.2)
        }
        let words = try #require(screen.blindness.first)
        #expect(words.contains("% (nio) to ") && words.contains("% (round-robin), depending"))
        let few = try Self.run { run in
            run.rounds = 2
            run.add("ping-pong", "epoll soft", 30)
            run.add("ping-pong", "nio soft", 40)
        }
        #expect(few.blindness == ["There are too few processes to tell the schedulers apart."])
    }

    @Test func `Is at most 80 bytes wide, with the longest names`() {
        for screen in WorkloadScreen.all(`The first screen`.standard.report) {
            #expect(screen.text(Self.plain).split(separator: "\n").filter { $0.utf8.count > 80 } == [])
        }
    }

    @Test func `Follows for every workload and every value of a sweep, in the order of the kinds of load`() {
        var run = SyntheticRun()
        for (workload, messages) in [("unknown", 1), ("ring", 1), ("ping-pong", 1), ("ping-pong", 2), ("yield", 1)] {
            run.add(workload, "epoll soft", 50, parameters: ["messages": messages])
        }
        #expect(
            WorkloadScreen.all(run.report).map(\.label) == [
                "yield", "ping-pong messages=1", "ping-pong messages=2", "ring", "unknown",
            ]
        )
    }

    @Test func `Shows a workload in which every scheduler failed`() throws {
        let screen = try Self.run { $0.add("ring", "epoll soft", 0, status: .failed) }
        #expect(screen.rows.map(\.figure) == ["FAILED"])
        #expect(screen.text(Self.plain).contains("FAILED"))
    }

    @Test func `The terminal shows the screens of a few workloads, and of many only says where they are`() {
        var run = SyntheticRun()
        let names = ["yield", "ping-pong", "ring", "sieve"]
        for workload in names.prefix(3) { run.add(workload, "epoll soft", 50) }
        #expect(ReportPages(run.report).text(Self.plain).contains("ring: round-trip"))
        run.add(names[3], "epoll soft", 50)
        let text = ReportPages(run.report).text(Self.plain)
        #expect(!text.contains("ring: round-trip"))
        #expect(text.hasSuffix("The report has a ranking for each of the 4 workloads.\n"))
    }

    @Test func `Two builds have a column each`() {
        var run = SyntheticRun()
        run.baseline = .build("old")
        run.add("ping-pong", "epoll soft", 40, scatter: 0)
        run.add("ping-pong", "epoll soft", 50, scatter: 0, build: "old")
        let text = ReportPages(run.report).text(Self.plain)
        #expect(text.contains("50.0 ns  40.0 ns  0.800"))
        #expect(text.contains("better"))
    }

    @Test func `Two builds are at most 80 bytes wide, whatever the verdict`() {
        let parameters = ["messages": 100_000, "a-long-parameter": 1_000_000, "another-long-parameter": 1_000_000]
        for (rounds, value, scatter) in [(2, 40, 0), (8, 50, 0), (8, 40, 0), (8, 51, 0.5)] as [(Int, Double, Double)] {
            var run = SyntheticRun(rounds: rounds)
            run.baseline = .build("old")
            for messages in [1, 100_000] {
                var parameters = parameters
                parameters["messages"] = messages
                for name in ["round-robin continuation", "thread-per-task kernel ×2"] {
                    run.add("hog-checkpoints", name, value * 1e6, scatter: scatter, parameters: parameters)
                    run.add("hog-checkpoints", name, 50e6, scatter: scatter, parameters: parameters, build: "old")
                }
            }
            let text = ReportPages(run.report).text(Self.plain)
            #expect(text.split(separator: "\n").filter { $0.utf8.count > 80 } == [])
        }
    }
}
