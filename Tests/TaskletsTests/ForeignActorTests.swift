// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Tasklets
import TestSupport
import Testing

/// Tasklets in actors whose jobs run on threads that know nothing of their scheduler.
@Suite struct `Tasklets in actors that run on other threads` {
    /// An actor with an executor of its own: none of its jobs runs on a scheduler's thread.
    actor Foreign {
        private let executor = QueueExecutor()
        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        private(set) var log: [Int] = []

        /// Waits in every way, and checks after each that the actor is held again.
        func waitInEveryWay(_ numbers: Channel<Int>, _ shot: OneShot<Int>, _ other: Tasklet) async throws {
            try await Tasklet.schedule()
            note(1)
            try await Tasklet.sleep(for: .microseconds(1))
            note(2)
            try await numbers.send(3)
            note(3)
            note(try await numbers.receive())
            note(try await numbers.receive(until: .now + .seconds(60)) ?? -1)
            note(try await shot.value())
            try await other.join()
            note(7)
            note(try await Tasklet.select(numbers.onReceive { $0 }))
            try await Tasklet.checkpoint()
            note(9)
            note(try await receiveInGenericCode(numbers))
            try await yieldInGenericCode(numbers)
            note(11)
            try await sendErrorInGenericCode(numbers)
            note(12)
            note(try await selectInGenericCode(numbers))
        }

        func note(_ number: Int) {
            preconditionIsolated()
            log.append(number)
        }

        func receiveAndNote(_ numbers: Channel<Int>) async throws {
            for try await number in numbers { note(number) }
        }

        func sendAll(_ elements: [Int], to numbers: Channel<Int>) async throws -> Int {
            let count = try await numbers.send(contentsOf: elements)
            preconditionIsolated()
            return count
        }

        func spawn(_ body: @escaping @Sendable () async throws -> Void) -> Tasklet {
            Tasklet.spawn("child", body)
        }

        func makePaused(_ body: @escaping @Sendable () async throws -> Void) -> Tasklet {
            Tasklet("paused", body)
        }

        func identify() -> (name: String, main: String, isCurrent: Bool) {
            (Tasklet.current.name, Tasklet.main.name, Tasklet.current.isCurrent)
        }

        func close(_ numbers: Channel<Int>) { numbers.close() }

        func receiveSynchronously(_ numbers: Channel<Int>) throws -> Int {
            try [0].map { _ in try numbers.receive() }[0]
        }

        func insert(_ tasklet: Tasklet) throws { try tasklet.insert() }

        func setTraps() -> (blocked: Int, first: Tasklet?) {
            Tasklet.scheduler.switchTrap = 1
            Tasklet.scheduler.channelCallback = { _ in }
            return (Tasklet.scheduler.blockedTasklets.count, Channel<Int>().firstBlocked)
        }

        func sum(_ numbers: Channel<Int>) async throws -> Int {
            var sum = 0
            for try await number in numbers { sum += number }
            assertIsolated()
            return sum
        }

        func sumAsAnySequence(_ numbers: Channel<Int>) async throws -> Int {
            let sum = try await sumInGenericCode(numbers)
            assertIsolated()
            return sum
        }

        func raiseAndLowerTrap() -> (between: Int, after: Int) {
            for _ in 0..<100 { Tasklet.scheduler.switchTrap += 1 }
            let between = Tasklet.scheduler.switchTrap
            for _ in 0..<100 { Tasklet.scheduler.switchTrap -= 1 }
            return (between, Tasklet.scheduler.switchTrap)
        }
    }

    @Test(arguments: Configuration.all)
    func `Every operation that waits works there, and returns with the actor held`(
        configuration: Configuration
    ) async throws {
        let log = try await configuration.run {
            let foreign = Foreign()
            let numbers = Channel<Int>()
            let shot = OneShot<Int>()
            let sleeper = Tasklet.spawn { try await Tasklet.sleep(for: .milliseconds(1)) }
            let waiter = Tasklet.spawn { try await foreign.waitInEveryWay(numbers, shot, sleeper) }
            #expect(try await numbers.receive() == 3)
            try await numbers.send(4)
            try await numbers.send(5)
            shot.fulfill(6)
            try await numbers.send(8)
            try await numbers.send(10)
            await #expect(throws: Failure("sent")) { try await numbers.receive() }
            try await numbers.send(13)
            try await waiter.join()
            return await foreign.log
        }
        #expect(log == Array(1...13))
    }

    @Test(arguments: Configuration.all)
    func `A tasklet knows itself, and spawns, there`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let foreign = Foreign()
            let results = Channel<String>()
            let identifier = Tasklet.spawn("caller") {
                let identity = await foreign.identify()
                try await results.send("\(identity)")
            }
            let identity = try await results.receive()
            try await identifier.join()
            let child = await foreign.spawn { try await results.send(Tasklet.current.name) }
            let name = try await results.receive()
            try await child.join()
            return (identity, name, child.isAlive)
        }
        #expect(outcome == (#"(name: "caller", main: "main", isCurrent: true)"#, "child", false))
    }

    @Test(arguments: Configuration.all)
    func `A hundred tasklets spawned there all run, and have different numbers`(
        configuration: Configuration
    ) async throws {
        let count = try await configuration.run {
            let foreign = Foreign()
            let done = Channel<Int>(capacity: 100)
            var ids: Set<UInt64> = [Tasklet.current.id]
            for n in 0..<100 { ids.insert(await foreign.spawn { try await done.send(n) }.id) }
            var sum = 0
            for _ in 0..<100 { sum += try await done.receive() }
            return (ids.count, sum)
        }
        #expect(count == (101, 4950))
    }

    @Test(arguments: Configuration.all)
    func `A paused tasklet made there runs once it is inserted at home`(configuration: Configuration) async throws {
        let number = try await configuration.run {
            let foreign = Foreign()
            let numbers = Channel<Int>()
            let paused = await foreign.makePaused { try await numbers.send(1) }
            try await Tasklet.schedule()
            try paused.insert()
            return try await numbers.receive()
        }
        #expect(number == 1)
    }

    @Test(arguments: Configuration.ordered)
    func `Inserting a tasklet there is refused`(configuration: Configuration) async throws {
        let error = try await configuration.run {
            let foreign = Foreign()
            let paused = Tasklet {}
            return await failure { try await foreign.insert(paused) }
        }
        #expect((error as? SchedulerError)?.code == .unsupported)
    }

    @Test(arguments: Configuration.all)
    func `What is set there holds at home`(configuration: Configuration) async throws {
        let isSet = try await configuration.run {
            let foreign = Foreign()
            _ = await foreign.setTraps()
            let isSet = Tasklet.scheduler.switchTrap == 1 && Tasklet.scheduler.channelCallback != nil
            Tasklet.scheduler.switchTrap = 0
            Tasklet.scheduler.channelCallback = nil
            return isSet
        }
        #expect(isSet)
    }

    @Test(arguments: Configuration.all)
    func `A channel is iterated over there, and in code for any sequence`(configuration: Configuration) async throws {
        let sums = try await configuration.run {
            let foreign = Foreign()
            return try await [foreign.sum(countToTen()), foreign.sumAsAnySequence(countToTen())]
        }
        #expect(sums == [55, 55])
    }

    @Test(arguments: Configuration.all)
    func `What is set there is read back there`(configuration: Configuration) async throws {
        let (between, after, atHome) = try await configuration.run {
            let (between, after) = await Foreign().raiseAndLowerTrap()
            return (between, after, Tasklet.scheduler.switchTrap)
        }
        #expect(between == 100)
        #expect(after == 0)
        #expect(atHome == 0)
    }

    /// Inserts what the foreign actor has made, perhaps before the scheduler knows of it.
    @Test(arguments: Configuration.ordered)
    func `A tasklet that is being made there cannot be reached yet, or can be`(
        configuration: Configuration
    ) async throws {
        let count = try await configuration.run {
            let foreign = Foreign()
            let made = Box<[Tasklet]>([])
            let ran = Counter()
            let maker = Tasklet.spawn {
                for _ in 0..<100 {
                    let tasklet = await foreign.makePaused { ran.add() }
                    made.update { $0.append(tasklet) }
                }
            }
            while maker.isAlive { try await Tasklet.schedule() }
            for tasklet in made.value { try tasklet.insert() }
            for tasklet in made.value { try await tasklet.join() }
            return ran.value
        }
        #expect(count == 100)
    }

    @Test(arguments: Configuration.all)
    func `Closing a channel there ends its readers`(configuration: Configuration) async throws {
        let log = try await configuration.run {
            let foreign = Foreign()
            let numbers = Channel<Int>(capacity: 10)
            let reader = Tasklet.spawn { try await foreign.receiveAndNote(numbers) }
            #expect(try await foreign.sendAll([1, 2, 3], to: numbers) == 3)
            await foreign.close(numbers)
            try await reader.join()
            return await foreign.log
        }
        #expect(log == [1, 2, 3])
    }

    @Test(arguments: Configuration.all)
    func `Waiting in synchronous code there is refused, with a sentence`(configuration: Configuration) async throws {
        let error = try await configuration.run {
            let foreign = Foreign()
            let numbers = Channel<Int>()
            return await failure { _ = try await foreign.receiveSynchronously(numbers) }
        }
        #expect((error as? SchedulerError)?.code == .unsupported)
        #expect("\(error as Any)".contains("await the asynchronous operation"))
    }

    /// One whose other users are tasks of the global pool: whichever thread holds it runs what was queued meanwhile.
    actor Contended {
        private(set) var sum = 0

        func add(_ number: Int) { sum += number }

        func addSlowly(_ number: Int, through numbers: Channel<Int>) async throws {
            preconditionIsolated()
            try await Tasklet.schedule()
            preconditionIsolated()
            let child = Tasklet.spawn { try await numbers.send(number) }
            let received = try await numbers.receive()
            preconditionIsolated()
            try await child.join()
            preconditionIsolated()
            sum += received
        }

        func fail(_ number: Int) async throws {
            try await Tasklet.schedule()
            sum += number
            throw Failure("\(number)")
        }
    }

    @Test(arguments: Configuration.all)
    func `Tasklets wait, spawn and end in an actor that other tasks contend for`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let contended = Contended()
            let others = (0..<4).map { _ in Task.detached { for _ in 0..<500 { await contended.add(1) } } }
            let tasklets = (0..<8).map { _ in
                Tasklet.spawn {
                    let numbers = Channel<Int>()
                    for n in 0..<50 { try await contended.addSlowly(n, through: numbers) }
                }
            }
            for tasklet in tasklets { try await tasklet.join() }
            var failures = 0
            for n in 0..<20 {
                // It ends with an error that comes straight out of the actor.
                let error = await failure {
                    try await Tasklet.spawn { try await contended.fail(n) }.join()
                    // It may have ended before the join, on another thread: then its error is still to be thrown.
                    try await Tasklet.schedule()
                }
                if (error as? Failure) == Failure("\(n)") { failures += 1 }
            }
            for other in others { await other.value }
            return (await contended.sum, failures)
        }
        #expect(outcome == (4 * 500 + 8 * 49 * 25 + 190, 20))
    }

    @MainActor final class OnMain {
        var count = 0

        func wait(for numbers: Channel<Int>) async throws {
            let number = try await numbers.receive()
            MainActor.assertIsolated()
            count += number
        }
    }

    @Test(arguments: Configuration.all)
    func `Tasklets wait in methods of the main actor`(configuration: Configuration) async throws {
        let count = try await configuration.run {
            let onMain = await MainActor.run { OnMain() }
            let numbers = Channel<Int>()
            let waiters = (0..<10).map { _ in Tasklet.spawn { try await onMain.wait(for: numbers) } }
            for n in 0..<10 { try await numbers.send(n) }
            for waiter in waiters { try await waiter.join() }
            return await onMain.count
        }
        #expect(count == 45)
    }
}

/// Generic code, which the compiler specializes: then it may forget that it runs on its caller's actor.
private func receiveInGenericCode<Element>(_ channel: Channel<Element>) async throws -> Element {
    try await channel.receive()
}

private func sumInGenericCode<S: AsyncSequence>(_ numbers: S) async throws -> Int where S.Element == Int {
    var sum = 0
    for try await number in numbers { sum += number }
    return sum
}

/// A channel that is closed after 1 to 10 were sent.
private func countToTen() -> Channel<Int> {
    let numbers = Channel<Int>(capacity: 2)
    Tasklet.spawn {
        for number in 1...10 { try await numbers.send(number) }
        numbers.close()
    }
    return numbers
}

private func yieldInGenericCode<Element>(_ channel: Channel<Element>) async throws {
    for _ in 0..<channel.capacity + 1 { try await Tasklet.schedule() }
}

private func sendErrorInGenericCode<Element>(_ channel: Channel<Element>) async throws {
    try await channel.send(throwing: Failure("sent"))
}

private func selectInGenericCode<Element>(_ channel: Channel<Element>) async throws -> Element {
    try await Tasklet.select(channel.onReceive { $0 })
}

/// Runs an actor's jobs on a Dispatch queue of its own.
private final class QueueExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "switchyard.tests.foreign")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
