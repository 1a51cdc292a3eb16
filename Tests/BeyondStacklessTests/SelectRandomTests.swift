// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import Tasklets
import TestSupport
import Testing

/// Tasklets that send, receive and select at random.
@Suite struct `Random selects` {
    /// The values taken from their senders, and the values that arrived.
    struct Books: Sendable {
        let sent = Box<[Int]>([])
        let received = Box<[Int]>([])
        let alive = Counter()
    }

    struct Case: Sendable {
        var channel: Int
        var isSend: Bool
    }

    enum Step: Sendable {
        case select([Case], limit: Limit)
        case operation(Case, limit: Limit)
        case synchronous(Case)
        case schedule
        case kill(tasklet: Int, pending: Bool)
    }

    /// How long a tasklet is ready to wait: forever, not at all, or some microseconds.
    enum Limit: Sendable {
        case none, past
        case soon(Int)

        var deadline: ContinuousClock.Instant? {
            switch self {
            case .none: nil
            case .past: .now - .seconds(1)
            case .soon(let microseconds): .now + .microseconds(microseconds)
            }
        }
    }

    struct Program: Sendable {
        var capacities: [Int]
        var preferences: [Preference]
        var tasklets: [[Step]]

        init(seed: UInt64, kills: Bool) {
            var random = SplitMix64(seed: seed)
            let channelCount = Int.random(in: 1...3, using: &random)
            capacities = (0..<channelCount).map { _ in Int.random(in: 0...2, using: &random) }
            preferences = (0..<channelCount).map { _ in
                [.receiver, .none, .sender].randomElement(using: &random) ?? .none
            }
            let taskletCount = Int.random(in: 2...6, using: &random)
            tasklets = (0..<taskletCount).map { _ in
                (0..<Int.random(in: 4...20, using: &random)).map { _ in
                    Self.step(channelCount, taskletCount, kills, &random)
                }
            }
        }

        private static func step(
            _ channelCount: Int,
            _ taskletCount: Int,
            _ kills: Bool,
            _ random: inout SplitMix64
        ) -> Step {
            let cases = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                Case(channel: Int.random(in: 0..<channelCount, using: &random), isSend: Bool.random(using: &random))
            }
            let limit = [Limit.none, .none, .none, .past, .soon(20), .soon(60)].randomElement(using: &random) ?? .none
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<6: return .select(cases, limit: limit)
            case 6: return .operation(cases[0], limit: limit)
            case 7: return .synchronous(cases[0])
            case 8 where kills:
                let victim = Int.random(in: 0..<taskletCount, using: &random)
                return .kill(tasklet: victim, pending: Bool.random(using: &random))
            default: return .schedule
            }
        }
    }

    /// Performs a program's steps.
    struct Player: Sendable {
        let channels: [Channel<BulkyElement>]
        let tasklets = Box<[Tasklet]>([])
        let books: Books

        func perform(_ step: Step, _ number: Int) async throws {
            switch step {
            case .schedule: try await Tasklet.schedule()
            case .kill(let victim, let pending): try await tasklets.value[victim].kill(pending: pending)
            case .select(let cases, let limit):
                let cases = cases.enumerated().map { made($0.element, number + $0.offset) }
                _ = try await Tasklet.select(cases, until: limit.deadline)
            case .operation(let one, let limit):
                let channel = channels[one.channel]
                if one.isSend {
                    guard let deadline = limit.deadline else { return try await send(number, to: channel) }
                    if try await channel.send(parcel(number), until: deadline) { note(sent: number) }
                } else if let deadline = limit.deadline {
                    note(received: try await channel.receive(until: deadline))
                } else {
                    note(received: try await channel.receive())
                }
            case .synchronous(let one):
                let channel = channels[one.channel]
                if one.isSend {
                    try await channel.sendSynchronously(parcel(number))
                    note(sent: number)
                } else {
                    note(received: try await channel.receiveSynchronously())
                }
            }
        }

        private func made(_ one: Case, _ number: Int) -> SelectCase<Void> {
            let channel = channels[one.channel]
            return one.isSend
                ? channel.onSend(parcel(number)) { note(sent: number) } : channel.onReceive { note(received: $0) }
        }

        private func send(_ number: Int, to channel: Channel<BulkyElement>) async throws {
            try await channel.send(parcel(number))
            note(sent: number)
        }

        private func parcel(_ number: Int) -> BulkyElement { BulkyElement(object: Tracked(number, books.alive)) }

        private func note(sent number: Int) { books.sent.update { $0.append(number) } }

        private func note(received parcel: BulkyElement?) {
            if let parcel { books.received.update { $0.append(parcel.object.number) } }
        }
    }

    /// Runs a program until no tasklet can continue, and returns how many values are left in the buffers.
    private func play(_ program: Program, _ books: Books, _ configuration: Configuration) async throws -> Int {
        let left = Box(-1)
        // In a box, which is emptied after the check: the thread may hold on to the closure for a while.
        let channels = Box(
            zip(program.capacities, program.preferences).map { capacity, preference in
                let channel = Channel<BulkyElement>(capacity: capacity)
                channel.preference = preference
                return channel
            }
        )
        // Most programs leave tasklets behind that wait forever.
        let error = try await configuration.failure {
            let player = Player(channels: channels.value, books: books)
            for (index, steps) in program.tasklets.enumerated() {
                let tasklet = Tasklet.spawn {
                    while player.tasklets.value.count < program.tasklets.count { try await Tasklet.schedule() }
                    for (number, step) in steps.enumerated() {
                        // A killed tasklet continues with the next step, until all are killed in the end.
                        do { try await player.perform(step, index * 1000 + number * 10) } catch is TaskletExit {
                            if left.value >= 0 { throw TaskletExit() }
                        }
                    }
                }
                player.tasklets.update { $0.append(tasklet) }
            }
            try await Tasklet.runAll()
            left.value = channels.value.map(\.bufferedCount).reduce(0, +)
            // Each refers to all; one killed before it started would never release them.
            player.tasklets.value = []
        }
        let remains = channels.value.flatMap { [$0.balance, $0.state.pointee.specialWaiters] }
        channels.value = []
        #expect(remains.allSatisfy { $0 == 0 })
        #expect(error == nil || (error as? SchedulerError)?.code == .deadlock)
        return left.value
    }

    @Test(arguments: Configuration.all)
    func `No value is lost, duplicated or invented`(configuration: Configuration) async throws {
        var total = 0
        for seed in 1...(configuration.isThreadPerTasklet ? 60 : 150) as ClosedRange<UInt64> {
            let books = Books()
            let left = try await play(Program(seed: seed, kills: false), books, configuration)
            let (sent, received) = (books.sent.value, books.received.value)
            try #require(Set(received).count == received.count, "seed \(seed)")
            try #require(Set(sent).isSuperset(of: received), "seed \(seed)")
            try #require(sent.count == received.count + left, "seed \(seed)")
            try #require(try await comesTrue { books.alive.value == 0 }, "seed \(seed)")
            total += received.count
        }
        #expect(total > 300)
    }

    @Test(arguments: Configuration.all)
    func `With kills in between, values may be dropped, but not duplicated, and none is kept`(
        configuration: Configuration
    ) async throws {
        for seed in 1001...(configuration.isThreadPerTasklet ? 1060 : 1150) as ClosedRange<UInt64> {
            let books = Books()
            _ = try await play(Program(seed: seed, kills: true), books, configuration)
            let received = books.received.value
            try #require(Set(received).count == received.count, "seed \(seed)")
            try #require(try await comesTrue { books.alive.value == 0 }, "seed \(seed)")
        }
    }
}
