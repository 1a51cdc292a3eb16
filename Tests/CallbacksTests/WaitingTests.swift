// SPDX-License-Identifier: Apache-2.0

import Callbacks
import NIOBackend
import NIOCore
import NIOPosix
import Tasklets
import TestSupport
import Testing

/// The ways in which a tasklet waits for a callback.
@Suite struct `Waiting for a callback` {
    @Test(arguments: Configuration.withReactors, BlockOnStyle.allCases)
    func `By a channel, in asynchronous and in synchronous code`(
        configuration: Configuration,
        style: BlockOnStyle
    ) async throws {
        // Where several tasklets run at once, the deferred may have fired when the classic wait begins.
        guard style == .checked || Configuration.ordered.contains(configuration) else { return }
        let sum = try await configuration.run {
            let reactor = try await Reactor.start()
            var sum = 0
            for n in 0..<20 {
                sum += try await reactor.after(.zero).map { n }.blockOn(style)
                sum += try [n].map { n in try reactor.after(.zero).map { n }.blockOn(style) }[0]
            }
            return sum
        }
        #expect(sum == 380)
    }

    @Test(arguments: Configuration.withReactors)
    func `By a one-shot, in asynchronous and in synchronous code`(configuration: Configuration) async throws {
        let sum = try await configuration.run {
            let reactor = try await Reactor.start()
            var sum = 0
            for n in 0..<20 {
                sum += try await reactor.after(.zero).map { n }.value()
                sum += try [n].map { n in try reactor.after(.zero).map { n }.value() }[0]
            }
            return sum
        }
        #expect(sum == 380)
    }

    @Test(arguments: Configuration.waitingSynchronously)
    func `A thread's completion handler fulfils a one-shot, also in synchronous code`(
        configuration: Configuration
    ) async throws {
        let sum = try await configuration.run {
            let thread = ForeignThread()
            return try (0..<200).map { n in
                let number = OneShot<Int>()
                thread.start {
                    spin(n * 10)
                    number.fulfill(n)
                }
                return try number.value()
            }.reduce(0, +)
        }
        #expect(sum == 19_900)
    }

    @Test(arguments: Configuration.all)
    func `A future of an event loop is awaited as a one-shot`(configuration: Configuration) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let outcome = try await configuration.run {
            var sum = 0
            for n in 0..<100 { sum += try await loop.submit { n }.oneShot.value() }
            let failed = loop.submit { () -> Int in throw Failure("future") }.oneShot
            return (sum, await failure { _ = try await failed.value() } as? Failure)
        }
        #expect(outcome == (4950, Failure("future")))
    }

    @Test(arguments: Configuration.waitingSynchronously)
    func `A synchronous wait ends with the value, an error, or a kill`(configuration: Configuration) async throws {
        let log = Log()
        try await configuration.run {
            let number = OneShot<Int>()
            let never = OneShot<Int>()
            let failing = OneShot<Int>()
            let waits = [("number", number), ("never", never), ("failing", failing)]
            let waiters = waits.map { name, oneShot in
                Tasklet.spawn(name) {
                    do { try [()].forEach { log.add("\(name): \(try oneShot.value())") } } catch {
                        log.add("\(name): \(error)")
                    }
                }
            }
            try await yieldUntil { waiters.allSatisfy(\.isBlocked) }
            number.fulfill(7)
            try await waiters[0].join()
            try await waiters[1].kill()
            try await waiters[1].join()
            failing.fail(Failure("failed"))
        }
        #expect(log.all == ["number: 7", "never: \(TaskletExit())", "failing: \(Failure("failed"))"])
    }

    @Test(arguments: Configuration.waitingSynchronously)
    func `A value that is there costs no switch in synchronous code`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let number = OneShot<Int>()
            number.fulfill(7)
            let before = Tasklet.scheduler.counters.total
            let values = try (0..<3).map { _ in try number.value() }
            return (values, Tasklet.scheduler.counters.total - before)
        }
        #expect(outcome == ([7, 7, 7], 0))
    }

    @Test(arguments: Configuration.swappingStacks)
    func `A synchronous wait for a one-shot is a switch of the stack`(configuration: Configuration) async throws {
        let synchronous = configuration.synchronousSwitching
        let count = try await configuration.run {
            let before = Tasklet.scheduler.counters.switches[synchronous, default: 0]
            try (0..<10).forEach { n in
                let number = OneShot<Int>()
                Tasklet.spawn { number.fulfill(n) }
                _ = try number.value()
            }
            return Tasklet.scheduler.counters.switches[synchronous, default: 0] - before
        }
        // Where all switches are of that kind, so are the ends of the fulfilling tasklets.
        #expect(count == (configuration.switching == synchronous ? 20 : 10))
    }

    @Test(arguments: Configuration.withReactors)
    func `A wait on the reactor is refused, except the classic one`(configuration: Configuration) async throws {
        let codes = try await configuration.run {
            let reactor = try await Reactor.start()
            let answer = Deferred<Int>("answer")
            let outcome = Deferred<[SchedulerError.Code]>("outcome")
            reactor.call {
                var codes: [SchedulerError.Code] = []
                do { _ = try answer.value() } catch let error as SchedulerError { codes.append(error.code) }
                do { _ = try answer.blockOn(.checked) } catch let error as SchedulerError { codes.append(error.code) }
                try outcome.fire(codes)
            }
            return try await outcome.value()
        }
        #expect(codes == [.recursiveCallback, .recursiveCallback])
    }
}
