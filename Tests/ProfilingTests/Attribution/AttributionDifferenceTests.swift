// SPDX-License-Identifier: Apache-2.0

import Measurement
import Testing

@testable import Profiling

@Suite struct `Two profiles of one workload` {
    /// A process per element of `chance`, with `poll` milliseconds of polling and a little time that varies by chance.
    private func side(_ name: String, poll: UInt64, chance: [UInt64], plain: Double) -> AttributionDifference.Side {
        let profile = AttributionFixture.profile(
            chance.map { chance in
                [
                    .init(owner: .tasklet(1), functions: ["produce", "main"], time: 50 + chance),
                    .init(owner: .scheduler, functions: ["EpollScheduler.poll(_:)", "loop"], time: poll),
                ]
            }
        )
        let trials = chance.indices.map { AttributionFixture.trial(plain + Double(chance[$0]), round: $0 + 1) }
        return AttributionDifference.Side(name: name, profile: profile, plain: trials)
    }

    private let chance: [UInt64] = [0, 3, 1, 2, 0, 3, 1, 2, 0, 3]

    private var slower: AttributionDifference {
        AttributionDifference(
            from: side("round-robin/soft", poll: 1, chance: chance, plain: 52),
            to: side("epoll/soft", poll: 9, chance: chance.reversed(), plain: 61)
        )
    }

    @Test func `A difference is in nanoseconds per operation`() throws {
        let poll = try #require(slower.activities.first { $0.name == "poll" })
        #expect(abs(poll.before - 1) < 1e-9 && abs(poll.after - 9) < 1e-9 && poll.isCertain)
        let user = try #require(slower.activities.first { $0.name == "user" })
        #expect(abs(user.difference) < 1e-9 && !user.isCertain)
        #expect(slower.roles.first?.name == "(scheduler): poll")
        #expect(slower.functions.first?.name == "EpollScheduler.poll(_:) of EpollBackend")
    }

    @Test func `The parts and the unexplained rest add up to the whole`() {
        let whole = slower.unprofiled.difference
        let parts = slower.activities.reduce(0) { $0 + $1.difference }
        #expect(abs(whole - 9) < 1e-9)
        #expect(abs(parts + slower.unexplained.difference - whole) < 1e-9)
        #expect(abs(slower.unexplained.difference - 1) < 1e-9)
    }

    @Test func `The report sums up in one sentence`() {
        let text = DifferenceReport(slower, workload: "ping-pong", setting: "").text
        #expect(text.contains("**epoll/soft is 9.0 ns slower per operation than round-robin/soft**"), "\(text)")
        #expect(text.contains("+8.0 ns poll, +0.0 ns in parts that are not certain, +1.0 ns unexplained"), "\(text)")
    }

    @Test func `In the other direction it is faster`() {
        let faster = AttributionDifference(from: slower.after, to: slower.before)
        let text = DifferenceReport(faster, workload: "ping-pong", setting: "").text
        #expect(text.contains("**round-robin/soft is 9.0 ns faster per operation than epoll/soft**"), "\(text)")
        #expect(text.contains("-8.0 ns poll"), "\(text)")
    }

    @Test func `Between equals no difference is certain`() {
        let equal = AttributionDifference(
            from: side("epoll/soft", poll: 5, chance: chance, plain: 60),
            to: side("epoll/soft", poll: 5, chance: chance.reversed(), plain: 60)
        )
        let text = DifferenceReport(equal, workload: "ping-pong", setting: "").text
        #expect(text.contains("**No difference is certain between epoll/soft and epoll/soft**"), "\(text)")
        #expect(equal.activities.filter(\.isCertain).isEmpty)
    }

    @Test func `The flame graph is grey where a difference may be chance`() throws {
        let page = try slower.flameGraph(workload: "ping-pong").html()
        let data = try PageReader(page)
        let colors = Dictionary(zip(data.nodes, data.colors), uniquingKeysWith: { first, _ in first })
        #expect(colors["EpollScheduler.poll(_:)"] == "× 2 and more")
        #expect(colors["produce"] == "not certain")
    }

    @Test func `A frame in few processes is not certain`() {
        var entries = [[AttributionFixture.Entry]](
            repeating: [.init(owner: .tasklet(1), functions: ["produce"], time: 50)],
            count: 10
        )
        for index in 0..<3 { entries[index].append(.init(owner: .tasklet(2), functions: ["rare"], time: 4)) }
        let rare = AttributionDifference.Side(
            name: "b",
            profile: AttributionFixture.profile(entries),
            plain: entries.map { _ in AttributionFixture.trial(50) }
        )
        let difference = AttributionDifference(from: side("a", poll: 1, chance: chance, plain: 52), to: rare)
        #expect(difference.functions.contains { $0.name == "rare of Workloads" && !$0.isCertain && $0.difference > 0 })
    }

    @Test func `Five rounds cannot tell a difference from chance, and the report says so`() {
        let few = AttributionDifference(
            from: side("a", poll: 1, chance: Array(chance.prefix(5)), plain: 52),
            to: side("b", poll: 90, chance: Array(chance.prefix(5)), plain: 152)
        )
        let text = DifferenceReport(few, workload: "ping-pong", setting: "").text
        #expect(text.contains("**5 rounds cannot tell a difference from chance.**"), "\(text)")
        #expect(text.contains("Intervals need six rounds"))
        #expect(!few.activities.contains { $0.isCertain })
    }
}
