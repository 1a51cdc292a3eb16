// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Tasklets
import TestSupport
import Testing

/// From callbacks to tasklets: what Stackless programs do with `schedule_remove` and `tempval`, and Twisted's with
/// deferreds.
@Suite struct `Stackless: hand-over` {
    /// Corotwine's test_simpleBlock.
    @Test(arguments: Configuration.all)
    func `A value from another thread is returned where it is waited for`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let later = OneShot<Int>()
            DispatchQueue.global().async { later.fulfill(5) }
            return (try await later.value(), Tasklet.current.isMain)
        }
        #expect(outcome == (5, true))
    }

    /// Corotwine's test_errback.
    @Test(arguments: Configuration.all)
    func `An error from another thread is thrown where the value is waited for`(
        configuration: Configuration
    ) async throws {
        let error = try await configuration.run {
            let later = OneShot<Int>()
            DispatchQueue.global().async { later.fail(Failure("later")) }
            return await failure { _ = try await later.value() }
        }
        #expect(error as? Failure == Failure("later"))
    }

    @Test(arguments: Configuration.all)
    func `A value from a tasklet reaches all waiters`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let later = OneShot<Int>()
            let sum = Counter()
            let waiters = (0..<3).map { _ in Tasklet { sum.add(try await later.value()) } }
            for waiter in waiters { try await waiter.run() }
            let before = sum.value
            later.fulfill(5)
            for waiter in waiters { try await waiter.join() }
            return (before, sum.value)
        }
        #expect(outcome == (0, 15))
    }

    @Test(arguments: Configuration.ordered)
    func `Fulfilling does not switch, and the waiters enter the end of the run queue`(
        configuration: Configuration
    ) async throws {
        let log = Log()
        try await configuration.run {
            let later = OneShot<Int>()
            for name in ["1", "2"] {
                Tasklet.spawn {
                    _ = try await later.value()
                    log.add(name)
                }
            }
            try await Tasklet.schedule()
            Tasklet.spawn { log.add("3") }
            later.fulfill(5)
            log.add("m")
            try await Tasklet.runAll()
        }
        #expect(log.text == "m 3 1 2")
    }

    @Test(arguments: Configuration.ordered)
    func `A value that is there already costs no switch`(configuration: Configuration) async throws {
        let value = Box(0)
        let counters = try await configuration.counters {
            let later = OneShot<Int>()
            later.fulfill(5)
            // Runnable all the while, so that there is a tasklet to switch to.
            Tasklet.spawn {}
            value.value = try await later.value()
        }
        #expect(value.value == 5)
        #expect(counters.causes[.oneShot, default: 0] == 0)
        #expect(counters.total == 1)
    }

    /// Eventlet's test of waiting twice.
    @Test(arguments: Configuration.all)
    func `Waiting twice returns the same value, and only the first one counts`(
        configuration: Configuration
    ) async throws {
        let values = try await configuration.run {
            let later = OneShot<Int>()
            DispatchQueue.global().async { later.fulfill(5) }
            var values = [try await later.value()]
            later.fulfill(6)
            later.fail(Failure(""))
            values.append(try await later.value())
            return values
        }
        #expect(values == [5, 5])
    }

    @Test(arguments: Configuration.all)
    func `Waiting twice throws the same error`(configuration: Configuration) async throws {
        let errors = try await configuration.run {
            let later = OneShot<Int>()
            later.fail(Failure("first"))
            later.fulfill(5)
            return [
                await failure { _ = try await later.value() },
                await failure { _ = try await later.value() },
            ]
        }
        #expect(errors.map { $0 as? Failure } == [Failure("first"), Failure("first")])
    }

    /// The nested blocks of Twisted's greenlet experiments.
    @Test(arguments: Configuration.all)
    func `A tasklet that waits may itself be waited for`(configuration: Configuration) async throws {
        let value = try await configuration.run {
            let inner = OneShot<Int>()
            let outer = OneShot<Int>()
            Tasklet.spawn { outer.fulfill(try await inner.value() * 2) }
            Tasklet.spawn { DispatchQueue.global().async { inner.fulfill(21) } }
            return try await outer.value()
        }
        #expect(value == 42)
    }

    /// Corotwine refuses to block the reactor itself, rather than hang.
    @Test func `Waiting outside any tasklet is refused`() async {
        let error = await schedulerError { _ = try await OneShot<Int>().value() }
        #expect(error?.code == .wrongScheduler)
        #expect(error?.message.contains("needs a tasklet") == true)
    }

    @Test(arguments: Configuration.all)
    func `A value for a tasklet that was killed meanwhile changes nothing`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let later = OneShot<Int>()
            let caught = Box<(any Error)?>(nil)
            let waiter = Tasklet { caught.value = await failure { _ = try await later.value() } }
            let other = Tasklet { _ = try await later.value() }
            for tasklet in [waiter, other] { try await tasklet.run() }
            try await waiter.kill()
            let killed = (caught.value is TaskletExit, waiter.flags)
            later.fulfill(5)
            try await other.join()
            return (killed.0, killed.1, caught.value is TaskletExit, Tasklet.runCount, try await later.value())
        }
        #expect(outcome == (true, "", true, 1, 5))
    }

    /// A callback that inserts a tasklet by mistake must not make it continue without its value.
    @Test(arguments: Configuration.all)
    func `A tasklet that waits for a value cannot be inserted`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let later = OneShot<Int>()
            let value = Box(0)
            let waiter = Tasklet { value.value = try await later.value() }
            try await waiter.run()
            let codes = [
                await schedulerError { try waiter.insert() }?.code,
                await schedulerError { try await waiter.run() }?.code,
            ]
            for _ in 0..<3 { try await Tasklet.schedule() }
            let before = (value.value, waiter.isAlive, waiter.isRunnable)
            later.fulfill(5)
            try await waiter.join()
            return (codes, before, value.value)
        }
        #expect(outcome.0 == [.blockedTasklet, .blockedTasklet])
        #expect(outcome.1 == (0, true, false))
        #expect(outcome.2 == 5)
    }
}
