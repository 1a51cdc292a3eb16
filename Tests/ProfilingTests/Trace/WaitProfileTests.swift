// SPDX-License-Identifier: Apache-2.0

import Tasklets
import Testing

@testable import Profiling

@Suite
struct `A wait profile` {
    @Test
    func `It says how long each tasklet ran and waited, and for what`() {
        let profile = WaitProfile(TraceFixture.pair.trace)
        #expect(profile.elapsed == 1_050)
        #expect(profile.rows.map(\.name) == ["peer \"x\"", "main"])
        let peer = profile.rows[0]
        #expect(peer.lifetime == 950)
        #expect(peer.running == 240)
        #expect(peer.waited(for: .runQueue) == 310)
        #expect(peer.waited(for: .timer) == 400)
        let main = profile.rows[1]
        #expect(main.lifetime == 700)
        #expect(main.running == 400)
        #expect(main.waited(for: .channel) == 150)
        #expect(main.waited(for: .runQueue) == 150)
        #expect(profile.failure == nil)
    }

    @Test
    func `A wait that its own thread ends lasts until the tasklet runs`() {
        var fixture = TraceFixture()
        fixture.add(.run, 0, 1)
        fixture.add(.leave, 100, 1, detail: 2)
        fixture.add(.run, 400, 1)
        fixture.add(.end, 500, 1)
        let row = WaitProfile(fixture.trace).rows[0]
        #expect(row.waited(for: .timer) == 300)
        #expect(row.waited(for: .runQueue) == 0)
        #expect(row.largestGap == 0)
    }

    @Test
    func `Tasklets that are alive when the trace ends count up to its end`() {
        var fixture = TraceFixture()
        fixture.add(.run, 0, 1)
        fixture.add(.leave, 100, 1, detail: 1)
        fixture.add(.run, 200, 2)
        fixture.add(.mark, 1_000, detail: 1)
        let rows = WaitProfile(fixture.trace).rows
        #expect(rows.first { $0.name == "main" }?.waited(for: .channel) == 900)
        #expect(rows.first { $0.name != "main" }?.running == 800)
    }

    @Test
    func `A tasklet that could not be started waited for its turn`() {
        var fixture = TraceFixture()
        fixture.add(.ready, 0, 1)
        fixture.add(.end, 100, 1)
        let profile = WaitProfile(fixture.trace)
        #expect(profile.rows[0].waited(for: .runQueue) == 100)
        #expect(profile.failure == nil)
    }

    @Test
    func `Events that contradict each other leave a gap, and are an error`() {
        var fixture = TraceFixture()
        fixture.add(.run, 0, 1)
        fixture.add(.run, 500, 1)
        fixture.add(.end, 1_000, 1)
        let profile = WaitProfile(fixture.trace)
        #expect(profile.rows[0].largestGap == 0.5)
        #expect(profile.failure == "1 events contradict others")
    }

    @Test
    func `Where the runtime suspends unseen, a tasklet whose thread runs another one waits for the runtime`() {
        var fixture = TraceFixture()
        fixture.trace.hidesSuspensions = true
        fixture.add(.run, 0, 1)
        fixture.add(.run, 300, 2)
        fixture.add(.end, 400, 2)
        fixture.add(.end, 1_000, 1)
        let profile = WaitProfile(fixture.trace)
        let main = profile.rows.first { $0.name == "main" }
        #expect(main?.running == 300)
        #expect(main?.waited(for: .runtime) == 700)
        #expect(profile.failure == nil)
    }

    @Test
    func `The stacks of the flame graph add up to the tasklets' lives`() {
        let profile = WaitProfile(TraceFixture.pair.trace)
        let stacks = profile.folded(backend: "epoll", workload: "ping-pong")
        #expect(stacks.reduce(0) { $0 + $1.count } == 1_650)
        #expect(
            stacks.contains(
                FoldedStack(frames: ["epoll", "ping-pong", "main", "channel", "receive"], count: 150)
            )
        )
        #expect(WaitProfile.category(["epoll", "ping-pong", "main", "run queue"]) == .state(.runQueue))
        #expect(WaitProfile.category(["epoll", "ping-pong", "main", "running"]) == .state(.user))
    }

    @Test
    func `The report says what adds up`() {
        let report = WaitReport(
            WaitProfile(TraceFixture.pair.trace),
            title: "ping-pong on epoll/soft",
            setting: "On CPU 1"
        )
        #expect(report.text.contains("Runs and waits are all but 0.0 % of each tasklet's life; 0 events contradict"))
        #expect(report.text.contains("Of the elapsed time, tasklets ran for 61.0 %; the remaining 39.0 %"))
        #expect(report.text.contains("| main"))
        #expect(report.text.contains("channel: receive"))
    }
}
