// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// Elements of any size and kind can be sent, and none is lost, copied or leaked.
@Suite struct `Elements` {
    /// The strictest alignment that elements may have.
    struct Aligned: Sendable, Equatable { var vector = SIMD4<Int32>(1, 2, 3, 4) }

    @Test(arguments: Configuration.all)
    func `Small, large, aligned, empty and optional values arrive unchanged`(
        configuration: Configuration
    ) async throws {
        try await expectToArrive(UInt8(7), configuration)
        try await expectToArrive(1.5, configuration)
        try await expectToArrive("short", configuration)
        try await expectToArrive("a string that is too long to be stored inline", configuration)
        try await expectToArrive([1, 2, 3], configuration)
        try await expectToArrive(LargeElement(), configuration)
        try await expectToArrive(Aligned(), configuration)
        try await expectToArrive(Int?.none, configuration)
        try await expectToArrive(Int?(3), configuration)
        try await expectToArrive(LargeElement?(LargeElement()), configuration)
    }

    /// Sends it to a waiting receiver, and receives it from a waiting sender.
    private func expectToArrive<T: Equatable & Sendable>(_ value: T, _ configuration: Configuration) async throws {
        let arrived = try await configuration.run {
            let channel = Channel<T>()
            let first = Box<T?>(nil)
            let receiver = Tasklet.spawn { first.value = try await channel.receive() }
            while channel.balance == 0 { try await Tasklet.schedule() }
            try await channel.send(value)
            try await receiver.join()
            Tasklet.spawn { try await channel.send(value) }
            while channel.balance == 0 { try await Tasklet.schedule() }
            return [first.value, try await channel.receive()]
        }
        #expect(arrived == [value, value])
    }

    @Test(arguments: Configuration.all)
    func `Values of size zero can be sent, and so can results`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let signal = Channel<Void>()
            Tasklet.spawn { try await signal.send(()) }
            try await signal.receive()
            let results = Channel<Result<String, Failure>>()
            Tasklet.spawn {
                try await results.send(.success("yes"))
                try await results.send(.failure(Failure("no")))
            }
            return [try await results.receive(), try await results.receive()]
        }
        #expect(outcome == [.success("yes"), .failure(Failure("no"))])
    }

    @Test(arguments: Configuration.all)
    func `Objects live as long as a tasklet holds them, and no longer`(configuration: Configuration) async throws {
        let alive = Counter()
        let sum = try await configuration.run {
            let objects = Channel<Tracked>()
            let bulky = Channel<BulkyElement>()
            Tasklet.spawn { for n in 0..<100 { try await objects.send(Tracked(n, alive)) } }
            Tasklet.spawn { for n in 0..<100 { try await bulky.send(BulkyElement(object: Tracked(n, alive))) } }
            var sum = 0
            for _ in 0..<100 { sum += try await objects.receive().number + bulky.receive().object.number }
            return sum
        }
        #expect(sum == 9900)
        #expect(try await comesTrue { alive.value == 0 })
    }

    @Test(arguments: Configuration.all)
    func `A value whose sender is killed is dropped`(configuration: Configuration) async throws {
        let alive = Counter()
        let sent = Counter()
        let error = try await configuration.failure {
            let objects = Channel<Tracked>()
            let bulky = Channel<BulkyElement>()
            Tasklet.spawn {
                sent.add()
                try await objects.send(Tracked(1, alive))
            }
            Tasklet.spawn {
                sent.add()
                try await bulky.send(BulkyElement(object: Tracked(2, alive)))
            }
            Tasklet.spawn {
                sent.add()
                try await objects.send(throwing: Failure("dropped"))
            }
            while objects.balance < 2 || bulky.balance < 1 { try await Tasklet.schedule() }
        }
        #expect((error as? SchedulerError)?.code == .deadlock)
        #expect(sent.value == 3)
        #expect(try await comesTrue { alive.value == 0 })
    }

    @Test(arguments: Configuration.all)
    func `A value that main could not send is dropped`(configuration: Configuration) async throws {
        let alive = Counter()
        let counts = try await configuration.run {
            let channel = Channel<Tracked>()
            Tasklet.spawn { try await Tasklet.schedule() }
            let error = await schedulerError { try await channel.send(Tracked(1, alive)) }
            let bulky = Channel<BulkyElement>()
            Tasklet.spawn { throw Failure("uncaught") }
            let other = await failure { try await bulky.send(BulkyElement(object: Tracked(1, alive))) }
            return (error?.code, other as? Failure, alive.value)
        }
        #expect(counts == (.deadlock, Failure("uncaught"), 0))
        #expect(try await comesTrue { alive.value == 0 })
    }

    @Test(arguments: Configuration.all)
    func `An object that is sent as an error is released`(configuration: Configuration) async throws {
        struct Carrier: Error { var object: Tracked }
        let alive = Counter()
        try await configuration.run {
            let channel = Channel<Int>()
            Tasklet.spawn { for n in 0..<100 { try await channel.send(throwing: Carrier(object: Tracked(n, alive))) } }
            for _ in 0..<100 { _ = await failure { _ = try await channel.receive() } }
        }
        #expect(try await comesTrue { alive.value == 0 })
    }

    @Test(arguments: Configuration.all)
    func `Captures of a tasklet's body are released when it ends`(configuration: Configuration) async throws {
        let alive = Counter()
        let duringMain = try await configuration.run {
            for n in 0..<100 {
                let object = Tracked(n, alive)
                let tasklet = Tasklet.spawn {
                    try await Tasklet.schedule()
                    _ = object.number
                }
                try await tasklet.join()
            }
            return alive.value
        }
        #expect(duringMain <= 1)
        #expect(try await comesTrue { alive.value == 0 })
    }

    @Test(arguments: Configuration.all)
    func `A channel lives as long as a tasklet waits on it`(configuration: Configuration) async throws {
        final class Reference: @unchecked Sendable {
            // SAFETY: written before the tasklet waits, and read after.
            weak var channel: Channel<Int>?
        }
        let outcome = try await configuration.run {
            let references = (0..<4).map { _ in Reference() }
            let waits: [@Sendable (Reference) async throws -> Void] = [
                { reference in
                    let channel = Channel<Int>("lonely")
                    reference.channel = channel
                    _ = try await channel.receive()
                },
                { reference in
                    let channel = Channel<Int>("lonely")
                    reference.channel = channel
                    try await channel.send(1)
                },
                { reference in
                    let channel = Channel<Int>("lonely")
                    reference.channel = channel
                    _ = try await Tasklet.select([channel.onReceive()], until: nil)
                },
                { reference in
                    let channel = Channel<Int>("lonely")
                    reference.channel = channel
                    _ = try await channel.receiveSynchronously()
                },
            ]
            let tasklets = zip(waits, references).map { wait, reference in
                Tasklet.spawn { try await wait(reference) }
            }
            while tasklets.contains(where: \.isRunnable) { try await Tasklet.schedule() }
            let alive = references.map { $0.channel != nil }
            let channels = Tasklet.scheduler.blockedTasklets.map(\.channel)
            for tasklet in tasklets { try await tasklet.kill() }
            for tasklet in tasklets { try await tasklet.join() }
            return (alive, channels, references.map { $0.channel == nil })
        }
        #expect(outcome.0 == [true, true, true, true])
        #expect(outcome.1 == Array(repeating: "lonely", count: 4))
        #expect(outcome.2 == [true, true, true, true])
    }

    @Test(arguments: Configuration.all)
    func `Schedulers, tasklets and channels are released`(configuration: Configuration) async throws {
        weak var scheduler: (any Scheduler)?
        weak var tasklet: Tasklet?
        weak var channel: Channel<Int>?
        do {
            let made = try configuration.makeScheduler()
            scheduler = made
            let (one, other) = try await onItsOwnThread {
                try made.run {
                    let channel = Channel<Int>()
                    let tasklet = Tasklet.spawn { try await channel.send(1) }
                    _ = try await channel.receive()
                    return (tasklet, channel)
                }
            }
            tasklet = one
            channel = other
            #expect(tasklet?.isAlive == false)
        }
        #expect(try await isReleased { tasklet })
        #expect(try await isReleased { channel })
        #expect(try await isReleased { scheduler })
    }
}
