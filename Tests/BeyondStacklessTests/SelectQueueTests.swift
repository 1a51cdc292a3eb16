// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// How a selecting tasklet appears to others.
@Suite struct `Selecting tasklets among others` {
    private static var far: ContinuousClock.Instant { .now + .seconds(3600) }

    @Test(arguments: Configuration.all)
    func `It is blocked like any other, and first in a queue if it arrived first`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let (one, other) = (Channel<Int>("one"), Channel<Int>("other"))
            let selector = Tasklet.spawn("selector") {
                _ = try await Tasklet.select(one.onReceive(), other.onReceive())
            }
            while !selector.isBlocked { try await Tasklet.schedule() }
            let report = Tasklet.scheduler.blockedTasklets.first
            let codes = [
                await schedulerError { try selector.insert() }?.code,
                await schedulerError { try selector.remove() }?.code,
                await schedulerError { try await selector.run() }?.code,
            ]
            let isFirst = [one.firstBlocked == selector, other.firstBlocked == selector]
            let states = [selector.isRunnable, selector.isPaused, selector.isAlive]
            try await other.send(1)
            try await selector.join()
            return (report, codes, isFirst, states)
        }
        #expect(outcome.0?.waitsFor == "a sender on channel 'one', or a sender on channel 'other'")
        #expect(outcome.0?.channel == nil)
        #expect(outcome.1 == [.blockedTasklet, .blockedTasklet, .blockedTasklet])
        #expect(outcome.2 == [true, true])
        #expect(outcome.3 == [false, false, true])
    }

    @Test(arguments: Configuration.all)
    func `It keeps its place among others in each queue`(configuration: Configuration) async throws {
        let log = Log()
        let balances = try await configuration.run {
            let (one, other) = (Channel<Int>(), Channel<Int>())
            for n in 1...5 {
                Tasklet.spawn {
                    let value =
                        switch n {
                        case 1, 4: try await Tasklet.select(other.onReceive(), one.onReceive())
                        case 3: try await one.receive(until: Self.far) ?? -1
                        default: try await one.receive()
                        }
                    log.add("\(n)=\(value)")
                }
                while one.balance > -n { try await Tasklet.schedule() }
            }
            for n in 1...3 { try await one.send(n) }
            try await other.send(4)
            try await one.send(5)
            return [one.balance, other.balance]
        }
        #expect(log.all.sorted() == ["1=1", "2=2", "3=3", "4=4", "5=5"])
        #expect(balances == [0, 0])
    }

    @Test(arguments: Configuration.ordered)
    func `A tasklet that wakes it gives way as to any receiver`(configuration: Configuration) async throws {
        for (preference, expected) in [
            (Preference.receiver, "woken 1 other sent"), (.none, "sent other woken 1"), (.sender, "sent other woken 1"),
        ] {
            let log = Log()
            try await configuration.run {
                let (one, two) = (Channel<Int>(), Channel<Int>())
                one.preference = preference
                Tasklet.spawn { log.add("woken \(try await Tasklet.select(one.onReceive(), two.onReceive()))") }
                try await Tasklet.schedule()
                Tasklet.spawn { log.add("other") }
                try await one.send(1)
                log.add("sent")
            }
            #expect(log.text == expected)
        }
    }

    @Test(arguments: Configuration.ordered)
    func `Killed after it was chosen, it drops what it got`(configuration: Configuration) async throws {
        let alive = Counter()
        let ran = Counter()
        let outcome = try await configuration.run {
            let (one, two) = (Channel<Tracked>(), Channel<Tracked>())
            one.preference = .none
            let selector = Tasklet.spawn {
                try await Tasklet.select(one.onReceive { _ in ran.add() }, two.onReceive { _ in ran.add() })
            }
            try await Tasklet.schedule()
            try await one.send(Tracked(1, alive))
            try await selector.kill(pending: true)
            try await selector.join()
            return [alive.value, ran.value, one.balance, two.balance]
        }
        #expect(outcome == [0, 0, 0, 0])
        #expect(try await comesTrue { alive.value == 0 })
    }

    @Test(arguments: Configuration.all)
    func `A deadlock report names all channels of a select`(configuration: Configuration) async throws {
        let (last, balances) = try await configuration.run {
            let (one, two) = (Channel<Int>("one"), Channel<Int>("two"))
            let last = await schedulerError { _ = try await Tasklet.select(one.onReceive(), two.onSend(1) { 0 }) }
            return (last, [one.balance, two.balance])
        }
        #expect(last?.code == .deadlock)
        #expect(last?.blocked.map(\.waitsFor) == ["a sender on channel 'one', or a receiver on channel 'two'"])
        #expect(balances == [0, 0])
        let (woken, later) = try await configuration.run {
            let (one, two) = (Channel<Int>("one"), Channel<Int>("two"))
            Tasklet.spawn { while one.balance == 0 { try await Tasklet.schedule() } }
            let woken = await schedulerError { _ = try await Tasklet.select(one.onReceive(), two.onReceive()) }
            return (woken, [one.balance, two.balance])
        }
        #expect(woken?.code == .deadlock)
        #expect(woken?.blocked.map(\.waitsFor) == ["a sender on channel 'one', or a sender on channel 'two'"])
        #expect(later == [0, 0])
        let left = try await configuration.failure {
            let (one, two) = (Channel<Int>("one"), Channel<Int>("two"))
            Tasklet.spawn("selector") { _ = try await Tasklet.select(one.onReceive(), two.onReceive()) }
        }
        #expect((left as? SchedulerError)?.blocked.map(\.tasklet.name) == ["selector"])
        #expect("\(left as? SchedulerError, default: "")".contains("'one', or a sender on channel 'two'"))
    }

    @Test(arguments: Configuration.all)
    func `Without any case it waits forever, or until its deadline`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let deadline = ContinuousClock.now + .milliseconds(1)
            let timed = try await Tasklet.select([SelectCase<Int>](), until: deadline)
            let isLate = ContinuousClock.now >= deadline
            let alone = await schedulerError { _ = try await Tasklet.select([SelectCase<Int>](), until: nil) }
            let waiter = Tasklet.spawn { _ = try await Tasklet.select([SelectCase<Int>](), until: nil) }
            while !waiter.isBlocked { try await Tasklet.schedule() }
            try await waiter.kill()
            try await waiter.join()
            return (timed, isLate, alone)
        }
        #expect((outcome.0, outcome.1) == (nil, true))
        #expect(outcome.2?.code == .deadlock)
    }
}
