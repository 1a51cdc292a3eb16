// SPDX-License-Identifier: Apache-2.0

import Tasklets
import Testing

@Suite struct `Who goes on after a transfer` {
    @Test(arguments: Configuration.ordered)
    func `With the default preference sender and receiver alternate`(configuration: Configuration) async throws {
        let log = Log()
        let (balance, runCount) = try await configuration.run {
            let channel = Channel<Int>()
            Tasklet.spawn {
                for n in 0..<10 {
                    log.add("s\(n)")
                    try await channel.send(n)
                }
            }
            let receiver = Tasklet.spawn { for _ in 0..<10 { log.add("r\(try await channel.receive())") } }
            try await receiver.join()
            try await Tasklet.schedule()
            return (channel.balance, Tasklet.runCount)
        }
        #expect(log.text == (0..<10).map { "s\($0) r\($0)" }.joined(separator: " "))
        #expect(balance == 0)
        #expect(runCount == 1)
    }

    @Test(arguments: Configuration.ordered)
    func `At preference receiver a sender gives way to the receiver that waits`(
        configuration: Configuration
    ) async throws {
        #expect(try await order(configuration, .receiver, mainSends: true) == "peer other main")
        #expect(try await order(configuration, .receiver, mainSends: false) == "main other peer")
    }

    @Test(arguments: Configuration.ordered)
    func `At preference none whoever acts goes on`(configuration: Configuration) async throws {
        #expect(try await order(configuration, .none, mainSends: true) == "main other peer")
        #expect(try await order(configuration, .none, mainSends: false) == "main other peer")
    }

    @Test(arguments: Configuration.ordered)
    func `At preference sender a receiver gives way to the sender that waits`(
        configuration: Configuration
    ) async throws {
        #expect(try await order(configuration, .sender, mainSends: true) == "main other peer")
        #expect(try await order(configuration, .sender, mainSends: false) == "peer other main")
    }

    @Test(arguments: Configuration.ordered, [Preference.receiver, .none, .sender])
    func `With schedulesAll everybody runnable goes first`(
        configuration: Configuration,
        preference: Preference
    ) async throws {
        for mainSends in [true, false] {
            let order = try await order(configuration, preference, schedulesAll: true, mainSends: mainSends)
            #expect(order == "other peer main")
        }
    }

    /// Who goes on first, second and third when main meets a peer that waits, while another tasklet is runnable.
    private func order(
        _ configuration: Configuration,
        _ preference: Preference,
        schedulesAll: Bool = false,
        mainSends: Bool
    ) async throws -> String {
        let log = Log()
        try await configuration.run {
            let channel = Channel<Int>()
            channel.preference = preference
            channel.schedulesAll = schedulesAll
            Tasklet.spawn {
                if mainSends { _ = try await channel.receive() } else { try await channel.send(1) }
                log.add("peer")
            }
            try await Tasklet.schedule()
            Tasklet.spawn { log.add("other") }
            if mainSends { try await channel.send(1) } else { _ = try await channel.receive() }
            log.add("main")
        }
        return log.text
    }

    @Test(arguments: Configuration.ordered, [(Preference.sender, "0 1", false), (.receiver, "1 0", true)])
    func `A parked sender ends before or after the receiver goes on`(
        configuration: Configuration,
        setting: (preference: Preference, order: String, isAliveAfterReceive: Bool)
    ) async throws {
        let log = Log()
        let (value, isAlive) = try await configuration.run {
            let channel = Channel<Int>()
            channel.preference = setting.preference
            let sender = Tasklet.spawn {
                try await channel.send(123)
                log.add("0")
            }
            try await Tasklet.schedule()
            let value = try await channel.receive()
            log.add("1")
            let isAlive = sender.isAlive
            try await Tasklet.schedule()
            return (value, isAlive)
        }
        #expect(value == 123)
        #expect(log.text == setting.order)
        #expect(isAlive == setting.isAliveAfterReceive)
    }

    @Test(arguments: Configuration.ordered)
    func `Senders are served in the order in which they came`(configuration: Configuration) async throws {
        let values = try await configuration.run {
            let channel = Channel<Int>()
            for n in [3, 7, 0, 9, 1, 5, 8, 2, 6, 4] {
                Tasklet.spawn {
                    for _ in 0..<n { try await Tasklet.schedule() }
                    try await channel.send(n)
                }
            }
            while channel.balance < 10 { try await Tasklet.schedule() }
            var values: [Int] = []
            while channel.balance != 0 { values.append(try await channel.receive()) }
            return values
        }
        #expect(values == Array(0..<10))
    }

    @Test(arguments: Configuration.ordered)
    func `Receivers are served in the order in which they came`(configuration: Configuration) async throws {
        let log = Log()
        try await configuration.run {
            let channel = Channel<Int>()
            for n in [3, 7, 0, 9, 1, 5, 8, 2, 6, 4] {
                Tasklet.spawn {
                    for _ in 0..<n { try await Tasklet.schedule() }
                    log.add("\(n)=\(try await channel.receive())")
                }
            }
            while channel.balance > -10 { try await Tasklet.schedule() }
            for value in 0..<10 { try await channel.send(value) }
        }
        #expect(log.text == (0..<10).map { "\($0)=\($0)" }.joined(separator: " "))
    }

    @Test(arguments: Configuration.ordered)
    func `A frame loop lets each tasklet take exactly one step a frame`(configuration: Configuration) async throws {
        let log = Log()
        let runCounts = try await configuration.run {
            let pump = Channel<Void>()
            pump.preference = .sender
            for name in ["a", "b", "c"] {
                Tasklet.spawn {
                    for step in 0..<3 {
                        log.add("\(name)\(step)")
                        try await pump.receive()
                    }
                }
            }
            var runCounts: [Int] = []
            for _ in 0..<3 {
                try await Tasklet.schedule()
                runCounts.append(Tasklet.runCount)
                log.add("|")
                while pump.balance < 0 { try await pump.send(()) }
            }
            return runCounts
        }
        #expect(log.text == "a0 b0 c0 | a1 b1 c1 | a2 b2 c2 |")
        #expect(runCounts == [1, 1, 1])
    }

    @Test(arguments: Configuration.ordered)
    func `A value is with the receiver before the receiver has run`(configuration: Configuration) async throws {
        let received = try await configuration.run {
            let channel = Channel<Int>()
            channel.preference = .none
            let received = Box(0)
            Tasklet.spawn { received.value = try await channel.receive() }
            try await Tasklet.schedule()
            try await channel.send(7)
            let before = received.value
            // What the channel does from now on changes nothing.
            channel.close()
            try await Tasklet.schedule()
            return [before, received.value]
        }
        #expect(received == [0, 7])
    }

    @Test(arguments: Configuration.ordered)
    func `An error sent to a receiver that does not catch it comes out of the send`(
        configuration: Configuration
    ) async throws {
        let (error, isAlive) = try await configuration.run {
            let channel = Channel<Int>()
            let receiver = Tasklet.spawn { _ = try await channel.receive() }
            try await Tasklet.schedule()
            do {
                try await channel.send(throwing: Failure("sent"))
                return (nil as Failure?, receiver.isAlive)
            } catch {
                return (error as? Failure, receiver.isAlive)
            }
        }
        #expect(error == Failure("sent"))
        #expect(!isAlive)
    }
}
