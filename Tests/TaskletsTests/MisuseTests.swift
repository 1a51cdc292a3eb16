// SPDX-License-Identifier: Apache-2.0

import Backends
import Tasklets
import TestSupport
import Testing

@Suite struct `Misuse is refused` {
    @Test func `A channel used outside any tasklet`() async {
        let channel = Channel<Int>("outside")
        let errors = [
            await schedulerError { try await channel.send(1) },
            await schedulerError { _ = try await channel.receive() },
            await schedulerError { try await channel.send(throwing: Failure("")) },
            await schedulerError { _ = try [0].map { _ in try channel.receive() } },
            await schedulerError { try [0].forEach { try channel.send($0) } },
        ]
        for error in errors {
            #expect(error?.code == .wrongScheduler)
            #expect(error?.message.contains("'outside'") == true)
        }
        #expect(channel.balance == 0)
    }

    @Test func `Waiting outside any tasklet`() async {
        let errors = [
            await schedulerError { try await Tasklet.schedule() },
            await schedulerError { try await Tasklet.sleep(for: .milliseconds(1)) },
            await schedulerError { try await Tasklet.scheduleRemove() },
            await schedulerError { try await Tasklet.runAll() },
            await schedulerError { try await Tasklet.checkpoint() },
            await schedulerError { _ = try await Tasklet.select(Channel<Int>().onReceive()) },
            await schedulerError { _ = try await TCPListener.bind(host: "127.0.0.1", port: 0) },
            await schedulerError { _ = try await TCPStream.connect(host: "127.0.0.1", port: 1) },
        ]
        for error in errors {
            #expect(error?.code == .wrongScheduler)
            #expect(error?.message.contains("needs a tasklet") == true)
        }
    }

    @Test(arguments: Configuration.all)
    func `Waiting in a child task of a tasklet`(configuration: Configuration) async throws {
        let error = try await configuration.run {
            let numbers = Channel<Int>()
            return await schedulerError {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await Tasklet.schedule() }
                    group.addTask { _ = try await numbers.receive() }
                    try await group.waitForAll()
                }
            }
        }
        #expect(error?.code == .wrongScheduler)
    }

    @Test(arguments: Configuration.all)
    func `A channel of another scheduler`(configuration: Configuration) async throws {
        let channel = try await configuration.run { Channel<Int>("theirs") }
        let outcome = try await configuration.run {
            let errors = [
                await schedulerError { try await channel.send(1) },
                await schedulerError { _ = try await channel.receive() },
                await schedulerError { _ = try [0].map { _ in try channel.receive() } },
            ]
            // Nothing is left locked or queued.
            let own = Channel<Int>()
            Tasklet.spawn { try await own.send(2) }
            return (errors.map { $0?.code }, try await own.receive())
        }
        #expect(outcome.0 == [.wrongScheduler, .wrongScheduler, .wrongScheduler])
        #expect(outcome.1 == 2)
    }

    @Test(arguments: Configuration.all)
    func `A channel made outside belongs to the first scheduler that uses it`(
        configuration: Configuration
    ) async throws {
        let channel = Channel<Int>()
        let value = try await configuration.run {
            Tasklet.spawn { try await channel.send(1) }
            return try await channel.receive()
        }
        #expect(value == 1)
        let error = try await configuration.run { await schedulerError { try await channel.send(1) } }
        #expect(error?.code == .wrongScheduler)
    }

    @Test(arguments: Configuration.all)
    func `Joining a tasklet of another scheduler`(configuration: Configuration) async throws {
        let stranger = try await configuration.run { Tasklet.current }
        let error = try await configuration.run { await schedulerError { try await stranger.join() } }
        #expect(error?.code == .wrongScheduler)
    }

    @Test(arguments: Configuration.all)
    func `Child tasks are not tasklets`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            var codes = await withTaskGroup(of: SchedulerError.Code?.self) { group in
                group.addTask { await schedulerError { try await channel.send(1) }?.code }
                group.addTask { await schedulerError { _ = try await channel.receive() }?.code }
                group.addTask { await schedulerError { _ = try [0].map { _ in try channel.receive() } }?.code }
                return await group.reduce(into: []) { $0.append($1) }
            }
            async let bound = schedulerError { try await channel.send(1) }?.code
            codes.append(await bound)
            codes.append(await Task { await schedulerError { try await channel.send(1) }?.code }.value)
            codes.append(await Task.detached { await schedulerError { try await channel.send(1) }?.code }.value)
            codes.append(await Task.immediate { await schedulerError { try await channel.send(1) }?.code }.value)
            Tasklet.spawn { try await channel.send(2) }
            return (codes, try await channel.receive(), channel.balance)
        }
        #expect(outcome.0 == Array(repeating: .wrongScheduler, count: 7))
        #expect(outcome.1 == 2)
        #expect(outcome.2 == 0)
    }

    @Test(arguments: Configuration.all)
    func `Running a scheduler that is running already`(configuration: Configuration) async throws {
        let scheduler = try configuration.makeScheduler()
        let errors = try await onItsOwnThread {
            try scheduler.run {
                let inside = await schedulerError { try scheduler.run {} }
                let elsewhere = await Task.detached { await schedulerError { try scheduler.run {} } }.value
                Tasklet.spawn { try await Tasklet.schedule() }
                try await Tasklet.schedule()
                return [inside?.code, elsewhere?.code]
            }
        }
        #expect(errors == [.unsupported, .unsupported])
    }

    @Test(arguments: Configuration.all)
    func `A scheduler can be run again, on any thread, whatever happened before`(
        configuration: Configuration
    ) async throws {
        let scheduler = try configuration.makeScheduler()
        for round in 0..<4 {
            let sum = try await onItsOwnThread {
                try scheduler.run {
                    let channel = Channel<Int>()
                    for n in 1...10 { Tasklet.spawn { try await channel.send(n) } }
                    var sum = round
                    for _ in 1...10 { sum += try await channel.receiveSynchronously() }
                    return sum
                }
            }
            #expect(sum == 55 + round)
            let failure = try await onItsOwnThread {
                thrown {
                    try scheduler.run {
                        let channel = Channel<Int>()
                        Tasklet.spawn { _ = try await channel.receive() }
                        if round.isMultiple(of: 2) { throw Failure("main's") }
                    }
                }
            }
            #expect((failure is Failure) == round.isMultiple(of: 2))
            #expect((failure as? SchedulerError)?.code == (round.isMultiple(of: 2) ? nil : .deadlock))
        }
        #expect(scheduler.blockedTasklets.isEmpty)
    }

    @Test(
        arguments: [
            (Backend.dispatch, 0, "a scheduler needs at least 1 worker, not 0"),
            (.dispatch, 129, "dispatch has at most 128 workers, not 129"), (.epoll, 2, "epoll has 1 worker, not 2"),
            (.threadPerTask, 2, "thread-per-task has one worker per tasklet; their number cannot be set"),
            (.swiftConcurrency, 1, "swift-concurrency has the workers of Swift's own pool; their number cannot be set"),
        ]
    )
    func `A number of workers that a backend cannot have`(backend: Backend, workers: Int, message: String) {
        var options = SchedulerOptions()
        options.workers = workers
        let error = #expect(throws: SchedulerError.self) { try backend.makeScheduler(options) }
        #expect(error?.code == .unsupported)
        #expect(error?.message == message)
    }

    @Test(arguments: Configuration.all)
    func `A tasklet may run another scheduler`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let outer = Channel<Int>()
            let partner = Tasklet.spawn { for n in 0..<3 { try await outer.send(n) } }
            var values: [Int] = []
            for inner in Configuration.all {
                let me = Tasklet.current
                let (value, code) = try inner.makeScheduler().run {
                    let channel = Channel<Int>()
                    Tasklet.spawn { try await channel.send(7) }
                    let code = await schedulerError { try await outer.send(1) }?.code
                    return (try await channel.receive(), code)
                }
                values.append(value)
                guard code == .wrongScheduler, Tasklet.current == me else { values.append(-1); continue }
                try await Tasklet.schedule()
            }
            for _ in 0..<3 { values.append(try await outer.receive()) }
            try await partner.join()
            return values
        }
        #expect(outcome == Array(repeating: 7, count: Configuration.all.count) + [0, 1, 2])
    }

    @Test(arguments: Backend.available, Switching.allCases)
    func `A switching that the backend does not have`(backend: Backend, switching: Switching) async throws {
        let error = await schedulerError { _ = try backend.makeScheduler(SchedulerOptions(switching: switching)) }
        if backend.switchings.contains(switching) {
            #expect(error == nil)
        } else {
            #expect(error?.code == .unsupported)
            #expect(error?.message.contains(backend.rawValue) == true)
            #expect(error?.message.contains(switching.rawValue) == true)
        }
    }

    @Test(arguments: Backend.available, [0, -1, 1, 2])
    func `A number of workers that the backend cannot have`(backend: Backend, workers: Int) async throws {
        let error = await schedulerError {
            _ = try backend.makeScheduler(SchedulerOptions(switching: nil, workers: workers))
        }
        let isSupported =
            switch backend {
            case .dispatch: workers >= 1
            case .roundRobin, .epoll, .nio, .ioUring: workers == 1
            default: false
            }
        if isSupported {
            #expect(error == nil)
        } else {
            #expect(error?.code == .unsupported)
            #expect(error?.message.contains("worker") == true)
        }
    }

    @Test(arguments: Configuration.all)
    func `A scheduler reports what it was made with`(configuration: Configuration) throws {
        let scheduler = try configuration.makeScheduler()
        #expect(scheduler.switching == configuration.switching)
        let byDefault = try configuration.backend.makeScheduler()
        #expect(byDefault.switching == configuration.backend.switchings.first)
        #expect(scheduler.counters.switches.values.allSatisfy { $0 == 0 })
    }

    @Test(.enabled(if: Configuration.wanted.isEmpty))
    func `Seven backends are known, and which are ordered`() {
        #expect(
            Backend.allCases.map(\.rawValue) == [
                "round-robin", "epoll", "dispatch", "thread-per-task", "nio", "io-uring", "swift-concurrency",
            ]
        )
        #expect(Configuration.ordered.count == (Backend.available.contains(.ioUring) ? 15 : 14))
        #expect(Configuration.concurrent.count == 4)
    }
}

/// The error that `body` throws, in synchronous code.
private func thrown(_ body: () throws -> Void) -> (any Error)? {
    do {
        try body()
        return nil
    } catch {
        return error
    }
}
