// SPDX-License-Identifier: Apache-2.0

import Backends
import Tasklets
import TestSupport
import Testing

/// Objects are released as soon as they are no longer needed.
@Suite struct `Release after the end` {
    @Test(arguments: Configuration.ordered)
    func `A one-shot value fulfilled after the run keeps nothing alive`(configuration: Configuration) async throws {
        let number = OneShot<Int>()
        let thread = ForeignThread()
        let gate = Gate()
        weak var core: (any Scheduler)?
        try await withThrowingTaskGroup { group in
            let isAhead = Box(false)
            group.addTask { try await Self.waitAndBlock(for: number, behind: gate, isAhead) }
            while !isAhead.value { await Task.yield() }
            do {
                let scheduler = try configuration.makeScheduler()
                core = scheduler
                try await onItsOwnThread {
                    try scheduler.run {
                        let waiter = Tasklet.spawn { _ = try await number.value(until: .now + .milliseconds(5)) }
                        while !waiter.isBlocked, waiter.isAlive { try await Tasklet.schedule() }
                        thread.start { number.fulfill(1) }
                    }
                }
            }
            gate.open()
            thread.perform {}
            try await group.waitForAll()
        }
        #expect(try await isReleased { core })
    }

    /// On another scheduler: a tasklet waits for the value, and then the scheduler's lock is held until the gate opens,
    /// so that the fulfilling thread gets no farther than to the first waiter.
    private static func waitAndBlock(for number: OneShot<Int>, behind gate: Gate, _ isAhead: Box<Bool>) async throws {
        try await Configuration(backend: .threadPerTask, switching: .kernel).run {
            let waiter = Tasklet.spawn { _ = try await number.value() }
            while !waiter.isBlocked { try await Tasklet.schedule() }
            let channel = Channel<Int>(capacity: 1)
            Tasklet.scheduler.channelCallback = { _ in
                isAhead.value = true
                gate.wait()
            }
            try await channel.send(1)
            Tasklet.scheduler.channelCallback = nil
        }
    }

    @Test(arguments: Configuration.all)
    func `What a tasklet captures is released when it is killed before it starts`(configuration: Configuration)
        async throws
    {
        let alive = Counter()
        let outcome = try await configuration.run {
            let tasklet = Self.makeTasklet(with: Tracked(1, alive))
            try await tasklet.kill()
            try await tasklet.join()
            return (alive.value, tasklet.isAlive)
        }
        #expect(outcome == (0, false))
    }

    private static func makeTasklet(with object: Tracked) -> Tasklet { Tasklet { _ = object.number } }

    private actor Desk {
        func take(from channel: Channel<Int>, until deadline: ContinuousClock.Instant) async throws -> Int? {
            try await channel.receive(until: deadline)
        }
    }

    @Test(arguments: Configuration.all)
    func `A scheduler is released although a tasklet waited on an actor with a distant deadline`(
        configuration: Configuration
    ) async throws {
        weak var core: (any Scheduler)?
        do {
            let scheduler = try configuration.makeScheduler()
            core = scheduler
            let value = try await onItsOwnThread {
                try scheduler.run {
                    let channel = Channel<Int>()
                    Tasklet.spawn { try await channel.send(1) }
                    return try await Desk().take(from: channel, until: .now + .seconds(3600))
                }
            }
            #expect(value == 1)
        }
        #expect(try await isReleased { core })
    }
}
