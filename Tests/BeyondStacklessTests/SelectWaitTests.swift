// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// Selects whose cases all have to wait, and what wakes them.
@Suite struct `Selecting among waiting cases` {
    private static var far: ContinuousClock.Instant { .now + .seconds(3600) }

    /// Three channels without partners, and a tasklet that selects among them: it receives from the first two, and
    /// sends to the third.
    private struct Scene: Sendable {
        let one = Channel<Int>("one")
        let two = Channel<LargeElement>("two")
        let three = Channel<Tracked>("three")
        let alive: Counter
        let log = Log()

        var balances: [Int] { [one.balance, two.balance, three.balance] }

        /// Logs errors.
        func expect(_ isRight: Bool, _ line: String) { if !isRight { log.add(line) } }

        /// Returns once it waits.
        func spawnSelector(until deadline: ContinuousClock.Instant? = nil) async throws -> Tasklet {
            let selector = Tasklet.spawn("selector") { [self] in
                do { log.add(try await select(until: deadline) ?? "nothing") } catch is TaskletExit {
                    log.add("killed")
                } catch let error as SchedulerError {
                    log.add("\(error.code)")
                } catch let error as Failure {
                    log.add(error.text)
                }
                for line in await nextWaits(passing: .now) { log.add(line) }
            }
            while !selector.isBlocked, selector.isAlive, log.all.isEmpty { try await Tasklet.schedule() }
            return selector
        }

        private func select(until deadline: ContinuousClock.Instant?) async throws -> String? {
            let object = Tracked(3, alive)
            return try await Tasklet.select(
                [
                    one.onReceive { "one \($0)" },
                    two.onReceive { $0 == LargeElement() ? "two" : "not two" },
                    three.onSend(object) { "three" },
                ],
                until: deadline
            )
        }
    }

    /// Lets a selector wait and `act` wake it; returns what the selector logged, the balances before and after, and how
    /// many objects are alive in the end.
    private func outcome(
        _ configuration: Configuration,
        until deadline: ContinuousClock.Instant? = nil,
        _ act: @escaping @Sendable (Scene, Tasklet) async throws -> Void
    ) async throws -> (log: [String], before: [Int], after: [Int], alive: Int) {
        let alive = Counter()
        let outcome = try await configuration.run {
            let scene = Scene(alive: alive)
            let selector = try await scene.spawnSelector(until: deadline)
            let before = scene.balances
            try await act(scene, selector)
            let after = scene.balances
            try await selector.join()
            return (scene.log.all, before, after)
        }
        _ = try await comesTrue { alive.value == 0 }
        return (outcome.0, outcome.1, outcome.2, alive.value)
    }

    @Test(arguments: Configuration.all)
    func `A send wakes it, and it leaves all its queues`(configuration: Configuration) async throws {
        let first = try await outcome(configuration) { scene, _ in try await scene.one.send(7) }
        #expect(first == (["one 7"], [-1, -1, 1], [0, 0, 0], 0))
        let second = try await outcome(configuration, until: Self.far) { scene, _ in
            try await scene.two.send(LargeElement())
        }
        #expect(second == (["two"], [-1, -1, 1], [0, 0, 0], 0))
    }

    @Test(arguments: Configuration.all)
    func `A receive wakes it, and it leaves all its queues`(configuration: Configuration) async throws {
        let outcome = try await outcome(configuration, until: Self.far) { scene, _ in
            scene.expect(try await scene.three.receive().number == 3, "another object")
        }
        #expect(outcome == (["three"], [-1, -1, 1], [0, 0, 0], 0))
    }

    @Test(arguments: Configuration.all)
    func `Synchronous operations, and those with a deadline, wake it as well`(
        configuration: Configuration
    ) async throws {
        let outcomes = [
            try await outcome(configuration) { scene, _ in try await scene.one.sendSynchronously(7) },
            try await outcome(configuration) { scene, _ in _ = try await scene.three.receiveSynchronously() },
            try await outcome(configuration) { scene, _ in try await scene.one.send(7, until: Self.far) },
            try await outcome(configuration) { scene, _ in _ = try await scene.three.receive(until: Self.far) },
            try await outcome(configuration) { scene, _ in try await Tasklet.select(scene.one.onSend(7) {}) },
            try await outcome(configuration) { scene, _ in try await Tasklet.select(scene.three.onReceive { _ in }) },
        ]
        for (index, outcome) in outcomes.enumerated() {
            #expect(outcome == ([index.isMultiple(of: 2) ? "one 7" : "three"], [-1, -1, 1], [0, 0, 0], 0))
        }
    }

    @Test(arguments: Configuration.all)
    func `A sent error is thrown, and no case runs`(configuration: Configuration) async throws {
        let outcome = try await outcome(configuration) { scene, _ in
            try await scene.two.send(throwing: Failure("sent"))
        }
        #expect(outcome == (["sent"], [-1, -1, 1], [0, 0, 0], 0))
    }

    @Test(arguments: Configuration.all)
    func `A kill ends it, and wakes no other tasklet`(configuration: Configuration) async throws {
        let outcome = try await outcome(configuration, until: Self.far) { scene, selector in
            let others = [
                Tasklet.spawn { _ = try await scene.one.receive() },
                Tasklet.spawn { _ = try await scene.two.receive() },
                Tasklet.spawn { try await scene.three.send(Tracked(4, scene.alive)) },
            ]
            while !others.allSatisfy(\.isBlocked) { try await Tasklet.schedule() }
            try await selector.kill(pending: true)
            scene.expect(scene.balances == [-1, -1, 1], "balances \(scene.balances)")
            scene.expect(others.allSatisfy(\.isBlocked), "another tasklet was woken")
            try await scene.one.send(0)
            try await scene.two.send(LargeElement())
            scene.expect(try await scene.three.receive().number == 4, "another object")
            for other in others { try await other.join() }
        }
        #expect(outcome == (["killed"], [-1, -1, 1], [0, 0, 0], 0))
    }

    @Test(arguments: Configuration.all)
    func `A deadline ends it`(configuration: Configuration) async throws {
        let alive = Counter()
        let outcome = try await configuration.run {
            let scene = Scene(alive: alive)
            let deadline = ContinuousClock.now + .milliseconds(1)
            let selector = try await scene.spawnSelector(until: deadline)
            try await selector.join()
            return (scene.log.all, scene.balances, ContinuousClock.now >= deadline)
        }
        #expect(outcome.0 == ["nothing"])
        #expect(outcome.1 == [0, 0, 0])
        #expect(outcome.2)
        #expect(try await comesTrue { alive.value == 0 })
    }

    @Test(arguments: Configuration.all)
    func `A partner that arrives before the deadline turns the timer off`(configuration: Configuration) async throws {
        let wrong = try await configuration.run {
            var wrong: [String] = []
            for _ in 0..<3 {
                let channel = Channel<Int>()
                let other = Channel<Int>()
                let sender = Tasklet.spawn { try await channel.send(1, until: Self.far) }
                let deadline = ContinuousClock.now + .milliseconds(2)
                let value = try await Tasklet.select(channel.onReceive(), other.onReceive(), until: deadline)
                // On a slow machine the deadline may pass first.
                if value == nil { _ = try await channel.receive() }
                try await sender.join()
                wrong += await nextWaits(passing: deadline)
            }
            return wrong
        }
        #expect(wrong == [])
    }

    @Test(arguments: Configuration.all)
    func `Closing a buffered channel ends it, closing a rendezvous does not`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let rendezvous = Channel<Int>()
            let buffered = Channel<Int>(capacity: 1)
            let codes = Box<[SchedulerError.Code?]>([])
            let selector = Tasklet.spawn {
                let error = await schedulerError {
                    _ = try await Tasklet.select(rendezvous.onReceive(), buffered.onReceive())
                }
                codes.update { $0.append(error?.code) }
            }
            while !selector.isBlocked { try await Tasklet.schedule() }
            rendezvous.close()
            for _ in 0..<5 { try await Tasklet.schedule() }
            let stillWaits = [selector.isBlocked, rendezvous.isClosed]
            buffered.close()
            let balances = [rendezvous.balance, buffered.balance]
            try await selector.join()
            return (stillWaits, balances, codes.value, [rendezvous.isClosed, buffered.isClosed])
        }
        #expect(outcome.0 == [true, false])
        #expect(outcome.1 == [0, 0])
        #expect(outcome.2 == [.channelClosed])
        #expect(outcome.3 == [true, true])
    }
}
