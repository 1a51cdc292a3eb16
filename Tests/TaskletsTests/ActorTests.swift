// SPDX-License-Identifier: Apache-2.0

import Backends
import Dispatch
import Glibc
import Tasklets
import TestSupport
import Testing

@Suite struct `Actors called from tasklets` {
    actor Account {
        private(set) var balance = 0

        func deposit(_ amount: Int) { balance += amount }

        /// Suspends in between, so that other tasklets can enter.
        func depositSlowly(_ amount: Int) async throws {
            try await Tasklet.schedule()
            balance += amount
            try await Tasklet.schedule()
        }

        func yieldAndDeposit(_ amount: Int) async {
            await Task.yield()
            balance += amount
        }
    }

    @Test(arguments: Configuration.all)
    func `A hundred tasklets increment one actor's state`(configuration: Configuration) async throws {
        let balance = try await configuration.run {
            let account = Account()
            let tasklets = (0..<100).map { _ in
                Tasklet.spawn {
                    for _ in 0..<10 {
                        await account.deposit(1)
                        try await Tasklet.schedule()
                    }
                }
            }
            for tasklet in tasklets { try await tasklet.join() }
            return await account.balance
        }
        #expect(balance == 1000)
    }

    @Test(arguments: Configuration.all)
    func `Tasklets parked inside an actor's method let others in`(
        configuration: Configuration
    ) async throws {
        let balance = try await configuration.run {
            let account = Account()
            let tasklets = (0..<20).map { _ in
                Tasklet.spawn {
                    for _ in 0..<5 { try await account.depositSlowly(1) }
                    await account.yieldAndDeposit(1)
                }
            }
            for tasklet in tasklets { try await tasklet.join() }
            return await account.balance
        }
        #expect(balance == 120)
    }

    @Test(arguments: Configuration.all)
    func `Tasklets and other tasks contend for one actor`(configuration: Configuration) async throws {
        let balance = try await configuration.run {
            let account = Account()
            let tasks = (0..<4).map { _ in Task.detached { for _ in 0..<200 { await account.deposit(1) } } }
            let tasklets = (0..<4).map { n in
                Tasklet.spawn {
                    for _ in 0..<200 {
                        await account.deposit(1)
                        if n.isMultiple(of: 2) { try await Tasklet.schedule() }
                    }
                }
            }
            for tasklet in tasklets { try await tasklet.join() }
            for task in tasks { await task.value }
            return await account.balance
        }
        #expect(balance == 1600)
    }

    /// Uses channels in its own isolation.
    actor Mailbox {
        private(set) var log: [Int] = []

        func take(from channel: Channel<Int>) async throws -> Int {
            let value = try await channel.receive()
            log.append(value)
            return value
        }

        func put(_ value: Int, into channel: Channel<Int>) async throws {
            log.append(-value)
            try await channel.send(value)
        }
    }

    @Test(arguments: Configuration.all)
    func `Channel operations inside an actor's method`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let mailbox = Mailbox()
            let channel = Channel<Int>()
            let results = Channel<Int>()
            Tasklet.spawn { for _ in 0..<20 { try await results.send(mailbox.take(from: channel)) } }
            // The actor must be free while the tasklet above waits inside it.
            Tasklet.spawn { for n in 1...10 { try await mailbox.put(n, into: channel) } }
            Tasklet.spawn { for n in 11...20 { try await channel.send(n) } }
            var values: [Int] = []
            for _ in 0..<20 { values.append(try await results.receive()) }
            return (values.sorted(), await mailbox.log.filter { $0 > 0 }.sorted())
        }
        #expect(outcome.0 == Array(1...20))
        #expect(outcome.1 == Array(1...20))
    }

    /// Waits, on the actor, in every other way to use a channel or a one-shot value.
    actor Waiter {
        private(set) var received = 0

        func sendAll(to channel: Channel<Int>) async throws { try await channel.send(contentsOf: [1, 2]) }
        func sendError(to channel: Channel<Int>) async throws { try await channel.send(throwing: Failure("sent")) }
        func select(_ channel: Channel<Int>, _ other: Channel<Int>) async throws {
            received += try await Tasklet.select(channel.onReceive(), other.onReceive())
        }
        func selectInTime(_ channel: Channel<Int>, _ other: Channel<Int>) async throws {
            let cases = [channel.onReceive(), other.onReceive()]
            received += try await Tasklet.select(cases, until: .now + .seconds(1_000)) ?? 0
        }
        func iterate(_ channel: Channel<Int>) async throws {
            for try await n in channel {
                received += n
                break
            }
        }
        func next(_ channel: Channel<Int>) async throws {
            var iterator = channel.makeAsyncIterator()
            received += try await iterator.next() ?? 0
        }
        func value(of one: OneShot<Int>) async throws { received += try await one.value() }
        func valueInTime(of one: OneShot<Int>) async throws {
            received += try await one.value(until: .now + .seconds(1_000)) ?? 0
        }
    }

    /// In optimized builds, too, where the compiler makes copies of generic functions for the types that are used.
    @Test(arguments: Configuration.all)
    func `Whatever an actor's method waits for, others enter the actor meanwhile`(
        configuration: Configuration
    ) async throws {
        let received = try await configuration.run {
            let waiter = Waiter()
            let channel = Channel<Int>()
            let other = Channel<Int>()
            let one = OneShot<Int>()
            let waits: [@Sendable () async throws -> Void] = [
                { try await waiter.select(channel, other) }, { try await waiter.selectInTime(channel, other) },
                { try await waiter.iterate(channel) }, { try await waiter.next(channel) },
                { try await waiter.sendAll(to: channel) }, { try await waiter.sendError(to: channel) },
                { try await waiter.value(of: one) }, { try await waiter.valueInTime(of: one) },
            ]
            for (index, wait) in waits.enumerated() {
                let tasklet = Tasklet.spawn { try await wait() }
                while tasklet.isRunnable { try await Tasklet.schedule() }
                _ = await waiter.received
                switch index {
                case 0...3: try await channel.send(1)
                case 4: _ = (try await channel.receive(), try await channel.receive())
                case 5: _ = await failure { _ = try await channel.receive() }
                default: one.fulfill(1)
                }
                try await tasklet.join()
            }
            return await waiter.received
        }
        #expect(received == 6)
    }

    @Test(arguments: Configuration.all)
    func `A waiting actor method is interrupted like any other code`(configuration: Configuration) async throws {
        let mailbox = Mailbox()
        let error = try await configuration.run {
            let channel = Channel<Int>()
            Tasklet.spawn { throw Failure("uncaught") }
            let error = await failure { _ = try await mailbox.take(from: channel) }
            let balance = channel.balance
            Tasklet.spawn { try await channel.send(1) }
            return (error as? Failure, balance, try await mailbox.take(from: channel))
        }
        #expect(error == (Failure("uncaught"), 0, 1))
    }

    actor Player {
        private(set) var hits = 0

        /// Calls back and forth between two actors.
        func play(_ rounds: Int, against other: Player) async throws {
            hits += 1
            try await Tasklet.schedule()
            if rounds > 0 { try await other.play(rounds - 1, against: self) }
        }
    }

    @Test(arguments: Configuration.all)
    func `Two actors call each other`(configuration: Configuration) async throws {
        let hits = try await configuration.run {
            let a = Player()
            let b = Player()
            let tasklets = (0..<10).map { n in
                Tasklet.spawn {
                    if n.isMultiple(of: 2) { try await a.play(9, against: b) } else { try await b.play(9, against: a) }
                }
            }
            for tasklet in tasklets { try await tasklet.join() }
            return [await a.hits, await b.hits]
        }
        #expect(hits == [50, 50])
    }

    /// Blocks in synchronous code, and so while holding the actor.
    actor Blocker {
        private(set) var sum = 0

        func addFrom(_ channel: Channel<Int>) throws { sum += try [0].map { _ in try channel.receive() }[0] }

        /// Keeps others out until one is about to come, and some time longer; where nothing runs meanwhile, none comes.
        func hold(_ isHeld: Counter, until isComing: Counter) {
            isHeld.add()
            for _ in 0..<200 where isComing.value == 0 { sched_yield() }
            for _ in 0..<20 { sched_yield() }
        }
    }

    @Test(arguments: Configuration.waitingSynchronously)
    func `An actor stays locked while its synchronous code blocks`(configuration: Configuration) async throws {
        let sum = try await configuration.run {
            let blocker = Blocker()
            let channel = Channel<Int>()
            for _ in 0..<10 { Tasklet.spawn { try await blocker.addFrom(channel) } }
            Tasklet.spawn { for n in 1...10 { try await channel.send(n) } }
            var sum = 0
            while sum < 55 {
                try await Tasklet.schedule()
                sum = await blocker.sum
            }
            return sum
        }
        #expect(sum == 55)
    }

    actor Neighbour {
        private let end = DispatchSemaphore(value: 0)

        /// Keeps others out until one is about to come, and some time longer.
        func hold(_ isHeld: Counter, until isComing: Counter) {
            isHeld.add()
            while isComing.value == 0 { sched_yield() }
            for _ in 0..<20 { sched_yield() }
        }

        func waitForEnd() { end.wait() }

        nonisolated func finish() { end.signal() }
    }

    /// Elsewhere the actor's job has the only thread of a scheduler, or of a tasklet.
    @Test(arguments: Configuration.concurrent.filter { $0.backend == .dispatch })
    func `A run on several workers does not wait for a call that is not a tasklet's`(
        configuration: Configuration
    ) async throws {
        // Nothing here needs the runtime's own threads, which other tests block.
        try await onItsOwnThread {
            for _ in 0..<20 {
                let neighbour = Neighbour()
                let (isHeld, isComing, hasEnded) = (Counter(), Counter(), DispatchSemaphore(value: 0))
                Task.detached(executorPreference: OwnThread()) {
                    while isHeld.value == 0 { await Task.yield() }
                    isComing.add()
                    await neighbour.waitForEnd()
                    hasEnded.signal()
                }
                try configuration.makeScheduler().run { await neighbour.hold(isHeld, until: isComing) }
                neighbour.finish()
                hasEnded.wait()
            }
        }
    }

    private final class OwnThread: TaskExecutor {
        private let queue = DispatchQueue(label: "own thread")

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }

    /// A queued call of an actor runs on the thread of the call before it.
    @Test(arguments: Configuration.waitingSynchronously)
    func `A tasklet that blocks in an actor does not keep the one that it waits for`(
        configuration: Configuration
    ) async throws {
        let sum = try await configuration.run {
            let blocker = Blocker()
            var sum = 0
            for round in 1...20 {
                let channel = Channel<Int>()
                let (isHeld, isComing) = (Counter(), Counter())
                let receiver = Tasklet.spawn {
                    // Before that it would keep this tasklet out, which sends it the value.
                    try await yieldUntil { isHeld.value > 0 }
                    isComing.add()
                    try await blocker.addFrom(channel)
                }
                await blocker.hold(isHeld, until: isComing)
                try await channel.send(round)
                try await receiver.join()
                sum = await blocker.sum
            }
            return sum
        }
        #expect(sum == 210)
    }

    @Test(arguments: Configuration.all)
    func `A tasklet knows itself inside an actor`(configuration: Configuration) async throws {
        actor Witness {
            func nameOfCaller() -> String { Tasklet.current.name }
            func spawn(_ body: @escaping @Sendable () async throws -> Void) -> Tasklet { Tasklet.spawn("child", body) }
        }
        let names = try await configuration.run {
            let witness = Witness()
            let results = Channel<String>()
            for name in ["a", "b", "c"] { Tasklet.spawn(name) { try await results.send(witness.nameOfCaller()) } }
            let child = await witness.spawn { try await results.send(Tasklet.current.name) }
            var names: [String] = []
            for _ in 0..<4 { names.append(try await results.receive()) }
            try await child.join()
            return names.sorted()
        }
        #expect(names == ["a", "b", "c", "child"])
    }
}
