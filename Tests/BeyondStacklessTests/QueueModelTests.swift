// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import Tasklets
import TestSupport
import Testing

/// A channel's queue and buffer, compared with a model, with waiters of every kind at a time.
@Suite struct `A channel's queue` {
    /// How a tasklet sends or receives.
    enum Kind: CaseIterable, Sendable {
        case plain, deadline, synchronous, select, selectOfTwo
    }

    /// What a channel should hold, and which tasklets should wait: the rules, without the machinery.
    struct Model {
        let capacity: Int
        var buffer: [Int] = []
        var senders: [Int] = []
        var receivers: [Int] = []
        /// Which tasklet received which value.
        var log: [String] = []

        var level: [Int] { [buffer.count, senders.count - receivers.count] }

        init(capacity: Int) { self.capacity = capacity }

        mutating func send(_ sender: Int) {
            if !receivers.isEmpty {
                log.append("\(receivers.removeFirst())=\(sender)")
            } else if buffer.count < capacity {
                buffer.append(sender)
            } else {
                senders.append(sender)
            }
        }

        mutating func receive(_ receiver: Int) {
            guard !(buffer.isEmpty && senders.isEmpty) else { return receivers.append(receiver) }
            // The first sender's value moves to the end of the buffer; without a buffer, it is the first.
            if !senders.isEmpty { buffer.append(senders.removeFirst()) }
            log.append("\(receiver)=\(buffer.removeFirst())")
        }

        mutating func kill(_ tasklet: Int) {
            senders.removeAll { $0 == tasklet }
            receivers.removeAll { $0 == tasklet }
        }
    }

    /// The channel, other channels that are never used, and which tasklet received which value.
    struct Scene: Sendable {
        let channel: Channel<Tracked>
        let neverReceived = Channel<Tracked>()
        let neverSent = Channel<Tracked>()
        let log = Log()
        let alive: Counter

        func spawnSender(_ number: Int, _ kind: Kind) -> Tasklet {
            Tasklet.spawn { [self] in
                let object = Tracked(number, alive)
                switch kind {
                case .plain: try await channel.send(object)
                case .deadline: _ = try await channel.send(object, until: .now + .seconds(3600))
                case .synchronous: try await channel.sendSynchronously(object)
                case .select: try await Tasklet.select(channel.onSend(object) {})
                case .selectOfTwo: try await Tasklet.select(neverReceived.onSend(object) {}, channel.onSend(object) {})
                }
            }
        }

        func spawnReceiver(_ number: Int, _ kind: Kind) -> Tasklet {
            Tasklet.spawn { [self] in
                let object =
                    switch kind {
                    case .plain: try await channel.receive()
                    case .deadline: try await channel.receive(until: .now + .seconds(3600)) ?? Tracked(-1, alive)
                    case .synchronous: try await channel.receiveSynchronously()
                    case .select: try await Tasklet.select(channel.onReceive())
                    case .selectOfTwo:
                        try await Tasklet.select(
                            neverSent.onReceive(),
                            channel.onReceive(),
                            until: .now + .seconds(3600)
                        ) ?? Tracked(-1, alive)
                    }
                log.add("\(number)=\(object.number)")
            }
        }
    }

    @Test(arguments: Configuration.all, [0, 1, 3])
    func `Senders and receivers of every kind are served in arrival order, while some are killed`(
        configuration: Configuration,
        capacity: Int
    ) async throws {
        for seed in 1...10 as ClosedRange<UInt64> {
            let alive = Counter()
            let outcome = try await configuration.run { try await Self.play(seed, capacity, alive) }
            try #require(outcome.log == outcome.expected, "seed \(seed)")
            try #require(outcome.remains.allSatisfy { $0 == 0 }, "seed \(seed)")
            try #require(try await comesTrue { alive.value == 0 }, "seed \(seed)")
        }
    }

    /// Performs one event after the other, each once the channel has reached the state that the last should lead to.
    private static func play(
        _ seed: UInt64,
        _ capacity: Int,
        _ alive: Counter
    ) async throws -> (log: [String], expected: [String], remains: [Int]) {
        var random = SplitMix64(seed: seed)
        var model = Model(capacity: capacity)
        let scene = Scene(channel: Channel(capacity: capacity), alive: alive)
        scene.channel.preference = [.receiver, .none, .sender].randomElement(using: &random) ?? .none
        var tasklets: [Tasklet] = []
        for step in 0..<60 {
            let isLast = step >= 45
            let kind = Kind.allCases.randomElement(using: &random) ?? .plain
            let number = tasklets.count
            let waiting = model.senders + model.receivers
            if !isLast, let victim = waiting.randomElement(using: &random), Int.random(in: 0..<4, using: &random) == 0 {
                model.kill(victim)
                try await tasklets[victim].kill(pending: Bool.random(using: &random))
            } else if isLast ? !model.receivers.isEmpty : Bool.random(using: &random) {
                model.send(number)
                tasklets.append(scene.spawnSender(number, kind))
            } else if !isLast || !(model.senders.isEmpty && model.buffer.isEmpty) {
                model.receive(number)
                tasklets.append(scene.spawnReceiver(number, kind))
            }
            while [scene.channel.bufferedCount, scene.channel.balance] != model.level { try await Tasklet.schedule() }
        }
        while let last = model.senders.last ?? model.receivers.last {
            model.kill(last)
            try await tasklets[last].kill()
        }
        for tasklet in tasklets { try await tasklet.join() }
        let channels = [scene.channel, scene.neverReceived, scene.neverSent]
        let remains = channels.flatMap { [$0.balance, $0.state.pointee.specialWaiters] }
        return (scene.log.all.sorted(), model.log.sorted(), remains)
    }
}
