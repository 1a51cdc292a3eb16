// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Profiling

@Suite struct `The attribution of several processes` {
    private let profile = AttributionFixture.profile([
        [
            .init(owner: .tasklet(1), functions: ["produce", "main"], time: 30),
            .init(owner: .scheduler, functions: ["EpollScheduler.poll(_:)", "loop"], time: 10),
        ],
        [
            .init(owner: .tasklet(1), functions: ["produce", "main"], time: 20),
            .init(owner: .tasklet(2), functions: ["main", "produce", "main"], time: 30),
            .init(owner: .outside, functions: ["load"], time: 10),
        ],
    ])

    @Test func `It adds them up`() {
        #expect(profile.processCount == 2 && profile.sampleCount == 5)
        #expect(profile.sampledTime == 100_000_000 && profile.cpuTime == 100_000_000)
        #expect(profile.operations == 2_000_000)
        #expect(profile.written == 5 && profile.matched == 5)
    }

    @Test func `It separates tasklets and activities`() {
        #expect(profile.roles.map(\.name) == ["producer", "consumer", "(other threads)", "(scheduler)"])
        #expect(profile.roles[0].times == [.user: PerProcess([30_000_000, 20_000_000])])
        #expect(profile.activities == [.user, .poll, .outside])
        #expect(profile.userTime(of: "consumer") == 30_000_000)
    }

    @Test func `A function has own and cumulative time, and a recursive one counts once`() {
        let functions = profile.hotFunctions(10)
        #expect(functions.map(\.function).prefix(2) == ["produce", "main"])
        #expect(functions[0].own.sum == 50_000_000 && functions[0].cumulative.sum == 80_000_000)
        #expect(functions[1].own.sum == 30_000_000 && functions[1].cumulative.sum == 80_000_000)
    }

    @Test func `Folded stacks begin with scheduler, workload, tasklet and activity`() {
        let text = FoldedStacks.text(profile.folded(backend: "epoll", workload: "ping-pong"))
        #expect(
            text == """
                epoll;ping-pong;(other threads);outside;load 10000000
                epoll;ping-pong;(scheduler);poll;EpollScheduler.poll(_:) 10000000
                epoll;ping-pong;consumer;user;main;produce;main 30000000
                epoll;ping-pong;producer;user;main;produce 50000000

                """
        )
    }
}

@Suite struct `A hotspot report` {
    private func text(_ entries: [AttributionFixture.Entry], processes: Int, cpuTime: UInt64? = nil) -> String {
        var made = (0..<processes).map { _ in AttributionFixture.process(entries) }
        for index in made.indices { made[index].0.samples.cpuTime = cpuTime ?? made[index].0.samples.cpuTime }
        let profile = Attribution(made.map(\.0), frames: made.map(\.1))
        let rounds = (1...6).map { round in
            (profiled: AttributionFixture.trial(110, round: round), plain: AttributionFixture.trial(100, round: round))
        }
        return HotspotReport(profile, title: "it", setting: "With `a=1`", cost: SamplingCost(rounds)).text
    }

    private let half = [
        AttributionFixture.Entry(owner: .tasklet(1), functions: ["produce"], time: 4),
        AttributionFixture.Entry(owner: .tasklet(2), functions: ["consume"], time: 4),
    ]

    @Test func `It gives tasklets their time, with intervals`() {
        let text = text(half, processes: 100)
        #expect(text.contains("| producer      |       50.0 % | 50.0 % |   43.1–56.9 % |"), "\(text)")
        #expect(text.contains("The run took 1.60 s and resolves shares to 6.9 points"))
    }

    @Test func `It states the profiler's cost`() {
        #expect(
            text(half, processes: 3).contains(
                "| cpu-time      |               100 ns |  110 ns |  1.10 |     1.10–1.10 |  |"
            )
        )
    }

    @Test func `It warns of too few samples`() {
        let text = text(half, processes: 3)
        #expect(text.contains("it is too short for any conclusion"), "\(text)")
    }

    @Test func `A gap to the kernel's account is an error`() {
        #expect(!text(half, processes: 100, cpuTime: 8_300_000).contains("do not trust the shares"))
        let text = text(half, processes: 100, cpuTime: 8_500_000)
        #expect(
            text.contains("the kernel accounts for 0.850 s: -5.9 %; **more than 5 % is wrong or unknown"),
            "\(text)"
        )
    }

    @Test func `The time after a process's last sample is a separate part, and no error`() {
        let profile = AttributionFixture.process(half)
        var process = profile.0
        process.samples.rest = 2_000_000
        process.samples.cpuTime += 2_000_000
        let all = [SampledProcess](repeating: process, count: 100)
        let report = HotspotReport(
            Attribution(all, frames: all.map { _ in profile.1 }),
            title: "it",
            setting: "",
            cost: SamplingCost([])
        )
        let parts = "user 0.800 s + not attributed 0.200 s = 1.000 s; the kernel accounts for 1.000 s: +0.0 %"
        #expect(report.text.contains(parts))
        #expect(report.text.contains("Of 250 samples that were due, 80.0 % arrived"))
        #expect(!report.isInconsistent)
    }

    @Test func `Many unknown stacks are an error`() {
        let unknown = [AttributionFixture.Entry(owner: .tasklet(1), functions: [], time: 4)]
        let made = (0..<200).map { _ in AttributionFixture.process(unknown) }
        let profile = Attribution(made.map(\.0), frames: made.map(\.1))
        #expect(profile.activities == [.unknown])
        #expect(HotspotReport(profile, title: "it", setting: "", cost: SamplingCost([])).isInconsistent)
    }
}
