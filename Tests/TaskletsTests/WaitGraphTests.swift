// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// Deadlock reports that say which tasklet waits for which.
@Suite struct `Which tasklet waits for which` {
    @Test(arguments: Configuration.all)
    func `Two tasklets that wait for each other's end are a cycle`(configuration: Configuration) async throws {
        let error = try await configuration.failure {
            let names = Box<[Tasklet]>([])
            let other = OneShot<Tasklet>()
            names.value.append(Tasklet.spawn("left") { try await other.value().join() })
            let left = names.value[0]
            other.fulfill(Tasklet.spawn("right") { try await left.join() })
        }
        let lines = drawing(of: error)
        #expect(lines == ["a cycle: tasklet 'left' (2) → tasklet 'right' (3) → tasklet 'left' (2)"])
    }

    @Test(arguments: Configuration.all)
    func `Two that send to each other are a cycle, once they have communicated`(
        configuration: Configuration
    ) async throws {
        let error = try await configuration.failure {
            let there = Channel<Int>("there")
            let back = Channel<Int>("back")
            Tasklet.spawn("left") {
                try await there.send(1)
                _ = try await back.receive()
                try await there.send(2)
            }
            Tasklet.spawn("right") {
                _ = try await there.receive()
                try await back.send(1)
                try await back.send(2)
            }
        }
        let lines = drawing(of: error)
        #expect(lines == ["a cycle: tasklet 'left' (2) → tasklet 'right' (3) → tasklet 'left' (2)"])
        #expect((error as? SchedulerError)?.blocked.map(\.channel) == ["there", "back"])
    }

    @Test(arguments: Configuration.all)
    func `Tasklets that wait for one in a cycle are drawn up to it`(configuration: Configuration) async throws {
        let error = try await configuration.failure {
            let next = OneShot<Tasklet>()
            let first = Tasklet.spawn("a") { try await next.value().join() }
            let second = Tasklet.spawn("b") { try await first.join() }
            next.fulfill(second)
            let third = Tasklet.spawn("c") { try await second.join() }
            Tasklet.spawn("d") { try await third.join() }
        }
        let lines = drawing(of: error)
        #expect(
            lines == [
                "a cycle: tasklet 'a' (2) → tasklet 'b' (3) → tasklet 'a' (2)",
                "tasklet 'd' (5) → tasklet 'c' (4) → tasklet 'b' (3)",
            ]
        )
    }

    @Test(arguments: Configuration.ordered)
    func `A partner that has ended is not mistaken for a later tasklet`(configuration: Configuration) async throws {
        let error = try await configuration.failure {
            let channel = Channel<Int>("numbers")
            for _ in 0..<100 {
                try await Tasklet.spawn { _ = try await channel.receive() }.run()
                try await channel.send(1)
                try await Tasklet.schedule()
            }
            Tasklet.spawn("sender") { try await channel.send(2) }
            Tasklet.spawn("bystander") { _ = try await Channel<Int>().receive() }
        }
        #expect(drawing(of: error) == [])
        #expect((error as? SchedulerError)?.blocked.count == 2)
    }

    @Test(arguments: Configuration.all)
    func `No tasklets are drawn whose partners are unknown`(configuration: Configuration) async throws {
        let error = try await configuration.failure {
            let channel = Channel<Int>("numbers")
            Tasklet.spawn { _ = try await channel.receive() }
        }
        #expect(drawing(of: error) == [])
        #expect("\(error as? SchedulerError, default: "")".contains("a sender on channel 'numbers'"))
    }

    /// The lines that follow the heading of the drawing.
    private func drawing(of error: (any Error)?) -> [String] {
        let lines = "\(error as? SchedulerError, default: "")".split(separator: "\n").map(String.init)
        guard let heading = lines.firstIndex(of: "who waits for whom:") else { return [] }
        return lines[(heading + 1)...].map { String($0.dropFirst(2)) }
    }
}
