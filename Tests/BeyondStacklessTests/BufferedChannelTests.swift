// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `Channels with a buffer` {
    /// How many values are in a channel, and which tasklets wait.
    struct Level: Equatable, Sendable {
        var buffered: Int
        var balance: Int

        init(_ buffered: Int, _ balance: Int) { (self.buffered, self.balance) = (buffered, balance) }

        init<Element>(of channel: Channel<Element>) { self.init(channel.bufferedCount, channel.balance) }
    }

    @Test(arguments: Configuration.all)
    func `One tasklet may fill and drain it without a switch`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>("numbers", capacity: 3)
            let before = Tasklet.scheduler.counters
            var levels = [Level(of: channel)]
            for n in 1...3 {
                try await channel.send(n)
                levels.append(Level(of: channel))
            }
            var values: [Int] = []
            for _ in 1...3 {
                values.append(try await channel.receive())
                levels.append(Level(of: channel))
            }
            let after = Tasklet.scheduler.counters
            return (levels, values, (after.total - before.total, after.noSwitch - before.noSwitch), channel.capacity)
        }
        #expect(outcome.0 == [0, 1, 2, 3, 2, 1, 0].map { Level($0, 0) })
        #expect(outcome.1 == [1, 2, 3])
        #expect(outcome.2 == (0, 6))
        #expect(outcome.3 == 3)
    }

    @Test(arguments: Configuration.all)
    func `Values keep their order when the buffer wraps around`(configuration: Configuration) async throws {
        for capacity in [1, 2, 3, 7] {
            let values = try await configuration.run {
                let channel = Channel<Int>(capacity: capacity)
                var values: [Int] = []
                var next = 0
                for round in 0..<40 {
                    for _ in 0..<(round % (capacity + 1)) {
                        try await channel.send(next)
                        next += 1
                    }
                    while channel.bufferedCount > (round % 2) * capacity / 2 {
                        values.append(try await channel.receive())
                    }
                    while channel.bufferedCount > 0 { values.append(try await channel.receive()) }
                }
                return values
            }
            #expect(values == Array(0..<values.count), "capacity \(capacity)")
            #expect(values.count >= 20, "capacity \(capacity)")
        }
    }

    @Test(arguments: Configuration.all)
    func `Senders wait behind a full buffer, and their values follow in arrival order`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>(capacity: 2)
            var levels: [Level] = []
            var senders: [Tasklet] = []
            for n in 1...5 {
                senders.append(Tasklet.spawn { try await channel.send(n) })
                while channel.bufferedCount + channel.balance < n { try await Tasklet.schedule() }
                levels.append(Level(of: channel))
            }
            let first = channel.firstBlocked
            var values: [Int] = []
            for _ in 1...5 {
                values.append(try await channel.receive())
                levels.append(Level(of: channel))
            }
            for sender in senders { try await sender.join() }
            return (levels, values, first == senders[2])
        }
        #expect(outcome.0.prefix(5) == [Level(1, 0), Level(2, 0), Level(2, 1), Level(2, 2), Level(2, 3)])
        #expect(outcome.0.dropFirst(5) == [Level(2, 2), Level(2, 1), Level(2, 0), Level(1, 0), Level(0, 0)])
        #expect(outcome.1 == [1, 2, 3, 4, 5])
        #expect(outcome.2)
    }

    @Test(arguments: Configuration.all)
    func `A value bypasses the empty buffer and goes to the receiver that has waited longest`(
        configuration: Configuration
    ) async throws {
        let log = Log()
        let outcome = try await configuration.run {
            let channel = Channel<Int>(capacity: 2)
            var levels: [Level] = []
            for n in 1...3 {
                Tasklet.spawn { log.add("\(n)=\(try await channel.receive())") }
                while channel.balance > -n { try await Tasklet.schedule() }
                levels.append(Level(of: channel))
            }
            for n in 1...5 {
                try await channel.send(n)
                levels.append(Level(of: channel))
            }
            return (levels, [try await channel.receive(), try await channel.receive()])
        }
        #expect(outcome.0.prefix(3) == [Level(0, -1), Level(0, -2), Level(0, -3)])
        #expect(outcome.0.dropFirst(3) == [Level(0, -2), Level(0, -1), Level(0, 0), Level(1, 0), Level(2, 0)])
        #expect(log.all.sorted() == ["1=1", "2=2", "3=3"])
        #expect(outcome.1 == [4, 5])
    }

    @Test(arguments: Configuration.all)
    func `Main alone may neither send into a full one nor receive from an empty one`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>("numbers", capacity: 2)
            try await channel.send(contentsOf: [1, 2])
            let sending = await schedulerError { try await channel.send(3) }
            let levels = [Level(of: channel)]
            let values = [try await channel.receive(), try await channel.receive()]
            let receiving = await schedulerError { _ = try await channel.receive() }
            return ([sending, receiving], levels + [Level(of: channel)], values)
        }
        #expect(outcome.0.map { $0?.code } == [.deadlock, .deadlock])
        #expect(outcome.0[0]?.blocked.map(\.waitsFor) == ["a receiver on channel 'numbers'"])
        #expect(outcome.0[1]?.blocked.map(\.waitsFor) == ["a sender on channel 'numbers'"])
        #expect(outcome.1 == [Level(2, 0), Level(0, 0)])
        #expect(outcome.2 == [1, 2])
    }

    @Test(arguments: Configuration.all)
    func `Every value arrives once, whichever tasklets send and receive`(configuration: Configuration) async throws {
        for capacity in [1, 2, 64, 1000] {
            let received = try await configuration.run {
                let channel = Channel<Int>(capacity: capacity)
                let results = Channel<Int>(capacity: capacity)
                for sender in 0..<4 { Tasklet.spawn { for n in 0..<50 { try await channel.send(sender * 50 + n) } } }
                for _ in 0..<5 { Tasklet.spawn { for _ in 0..<40 { try await results.send(channel.receive()) } } }
                var received: [Int] = []
                for _ in 0..<200 { received.append(try await results.receive()) }
                return received
            }
            #expect(received.sorted() == Array(0..<200), "capacity \(capacity)")
        }
    }

    @Test(arguments: Configuration.ordered)
    func `The acting tasklet continues, unless the channel says otherwise`(configuration: Configuration) async throws {
        let texts = try await configuration.run {
            var texts: [String] = []
            for (preference, schedulesAll) in [
                (nil, false), (Preference.receiver, false), (.sender, false), (nil, true),
            ] {
                let log = Log()
                let channel = Channel<Int>(capacity: 1)
                let isNone = channel.preference == .none
                if let preference { channel.preference = preference }
                channel.schedulesAll = schedulesAll
                let receiver = Tasklet.spawn { log.add("r\(try await channel.receive())") }
                try await Tasklet.schedule()
                Tasklet.spawn { log.add("other") }
                try await channel.send(1)
                log.add("sent")
                try await receiver.join()
                // With room in the buffer no tasklet gives way.
                Tasklet.spawn { log.add("another") }
                try await channel.send(2)
                log.add("sent \(try await channel.receive())")
                texts.append("\(isNone) \(log.text)")
                try await Tasklet.schedule()
            }
            return texts
        }
        #expect(
            texts == [
                "true sent other r1 sent 2", "true r1 other sent sent 2", "true sent other r1 sent 2",
                "true other r1 sent sent 2",
            ]
        )
    }

    @Test(arguments: Configuration.ordered)
    func `A receiver continues, and the sender whose value takes its room runs last`(
        configuration: Configuration
    ) async throws {
        let log = Log()
        try await configuration.run {
            let channel = Channel<Int>(capacity: 1)
            channel.preference = .sender
            Tasklet.spawn {
                for n in 1...3 {
                    try await channel.send(n)
                    log.add("s\(n)")
                }
            }
            try await Tasklet.schedule()
            Tasklet.spawn { log.add("other") }
            for _ in 1...3 { log.add("r\(try await channel.receive())") }
        }
        #expect(log.text == "s1 r1 r2 other s2 s3 r3")
    }

    // MARK: Errors

    @Test(arguments: Configuration.all)
    func `Errors keep their order among the values, in the buffer and behind it`(
        configuration: Configuration
    ) async throws {
        final class Cause: Error {}
        let cause = Cause()
        let outcome = try await configuration.run {
            let channel = Channel<Int>(capacity: 2)
            let sender = Tasklet.spawn {
                try await channel.send(1)
                try await channel.send(throwing: cause)
                try await channel.send(throwing: Failure("behind"))
                try await channel.send(4)
            }
            while channel.balance == 0 { try await Tasklet.schedule() }
            var levels = [Level(of: channel)]
            let first = try await channel.receive()
            let second = await failure { _ = try await channel.receive() } as? Cause
            let third = await failure { _ = try await channel.receive() } as? Failure
            let fourth = try await channel.receive()
            try await sender.join()
            levels.append(Level(of: channel))
            return (levels, first, second === cause, third, fourth)
        }
        #expect(outcome.0 == [Level(2, 1), Level(0, 0)])
        #expect(outcome.1 == 1)
        #expect(outcome.2)
        #expect(outcome.3 == Failure("behind"))
        #expect(outcome.4 == 4)
    }

    @Test(arguments: Configuration.all)
    func `An error bypasses the empty buffer and goes to a waiting receiver`(configuration: Configuration) async throws
    {
        let outcome = try await configuration.run {
            let channel = Channel<Int>(capacity: 2)
            let caught = Box<Failure?>(nil)
            let receiver = Tasklet.spawn {
                caught.value = await failure { _ = try await channel.receive() } as? Failure
            }
            while channel.balance == 0 { try await Tasklet.schedule() }
            try await channel.send(throwing: Failure("sent"))
            try await receiver.join()
            return (caught.value, Level(of: channel))
        }
        #expect(outcome.0 == Failure("sent"))
        #expect(outcome.1 == Level(0, 0))
    }

    // MARK: Misuse

    @Test(arguments: Configuration.all)
    func `A channel made outside any tasklet belongs to the first scheduler that uses it`(
        configuration: Configuration
    ) async throws {
        let channel = Channel<Int>("outside", capacity: 2)
        #expect(await schedulerError { try await channel.send(1) }?.code == .wrongScheduler)
        try await configuration.run { try await channel.send(2) }
        let codes = try await configuration.run {
            [
                await schedulerError { try await channel.send(3) }?.code,
                await schedulerError { _ = try await channel.receive() }?.code,
                await schedulerError { _ = try await channel.receive(until: .now) }?.code,
            ]
        }
        #expect(codes == [.wrongScheduler, .wrongScheduler, .wrongScheduler])
        #expect(Level(of: channel) == Level(1, 0))
    }

    @Test func `A negative capacity ends the process with a message`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Channel<Int>(capacity: -1)
        }
        #expect(String(decoding: try #require(result).standardErrorContent, as: UTF8.self).contains("capacity"))
    }
}
