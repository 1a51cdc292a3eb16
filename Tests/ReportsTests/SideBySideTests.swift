// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement
@testable import Reports

@Suite struct `Schedulers side by side` {
    private static func rows(_ add: (inout SyntheticRun) -> Void) -> [[String]] {
        var run = SyntheticRun()
        add(&run)
        return SideBySideSection.table(run.report)?.rows ?? []
    }

    @Test func `Compare backends and switchings with epoll, and several workers with one`() {
        let rows = Self.rows { run in
            run.add("ping-pong", "round-robin soft", 50)
            run.add("ping-pong", "epoll soft", 50)
            run.add("ping-pong", "epoll hard", 40)
            run.add("ping-pong", "nio hard", 60)
            run.add("ping-pong", "nio soft", 55)
            run.add("ping-pong", "dispatch soft", 500)
            run.add("ping-pong", "dispatch soft ×2", 1_000)
        }
        #expect(
            rows.map { $0[0] } == [
                "round-robin : epoll soft", "nio soft : epoll soft", "dispatch : epoll soft",
                "epoll hard : epoll soft", "dispatch ×2 : dispatch",
            ]
        )
    }

    @Test func `Mark what the run cannot tell from 1, and nothing else`() {
        for (nio, isTold) in [(50.0, false), (100.0, true)] {
            let rows = Self.rows { run in
                run.add("ping-pong", "epoll soft", 50, scatter: 0.02)
                run.add("ping-pong", "nio soft", nio, scatter: 0.02)
            }
            #expect(rows.first?.last?.hasPrefix("≈ ") == !isTold, "\(rows)")
        }
    }

    @Test func `Have a column for each kind of load that ran, empty where one of the two did not run`() {
        var run = SyntheticRun()
        run.add("ping-pong", "epoll soft", 50)
        run.add("ping-pong", "nio soft", 100)
        run.add("yield", "epoll soft", 10)
        run.add("yield", "epoll hard", 10)
        let table = SideBySideSection.table(run.report)
        #expect(table?.columns.map(\.title) == ["pair", "switching", "messages"])
        #expect(table?.rows.map { $0[1].isEmpty } == [true, false])
    }

    @Test func `Are left out of a run of one scheduler, and of one of two builds`() {
        #expect(Self.rows { $0.add("ping-pong", "epoll soft", 50) } == [])
        #expect(
            Self.rows { run in
                run.baseline = .build("old")
                for name in ["epoll soft", "nio soft"] {
                    run.add("ping-pong", name, 50)
                    run.add("ping-pong", name, 50, build: "old")
                }
            } == []
        )
    }
}
