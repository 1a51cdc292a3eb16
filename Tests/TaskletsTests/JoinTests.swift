// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `Joining, and a tasklet's description` {
    @Test(arguments: Configuration.all)
    func `Joining waits for the end, and returns at once after it`(configuration: Configuration) async throws {
        let states = try await configuration.run {
            let done = Box(false)
            let go = Channel<Void>()
            let tasklet = Tasklet.spawn {
                try await go.receive()
                for _ in 0..<5 { try await Tasklet.schedule() }
                done.value = true
            }
            let before = tasklet.isAlive
            try await go.send(())
            try await tasklet.join()
            let after = [done.value, tasklet.isAlive, tasklet.isRunnable, tasklet.isBlocked]
            try await tasklet.join()
            try await tasklet.join()
            return [before] + after
        }
        #expect(states == [true, true, false, false, false])
    }

    @Test(arguments: Configuration.ordered)
    func `Joiners continue in arrival order`(configuration: Configuration) async throws {
        let log = Log()
        try await configuration.run {
            let channel = Channel<Void>()
            let last = Tasklet.spawn { try await channel.receive() }
            for n in 0..<5 {
                Tasklet.spawn {
                    try await last.join()
                    log.add("\(n)")
                }
            }
            try await Tasklet.schedule()
            try await channel.send(())
            try await last.join()
        }
        #expect(log.text == "0 1 2 3 4")
    }

    @Test(arguments: Configuration.all)
    func `Joining oneself is refused`(configuration: Configuration) async throws {
        let codes = try await configuration.run {
            let inside = Box<SchedulerError.Code?>(nil)
            let tasklet = Tasklet.spawn {
                inside.value = await schedulerError { try await Tasklet.current.join() }?.code
            }
            try await tasklet.join()
            return [inside.value, await schedulerError { try await Tasklet.main.join() }?.code]
        }
        #expect(codes == [.currentTasklet, .currentTasklet])
    }

    @Test(arguments: Configuration.all)
    func `Two tasklets that join each other are a deadlock`(configuration: Configuration) async throws {
        let error = try await configuration.failure {
            let first = Box<Tasklet?>(nil)
            let second = Tasklet.spawn("second") {
                while first.value == nil { try await Tasklet.schedule() }
                try await first.value?.join()
            }
            first.value = Tasklet.spawn("first") { try await second.join() }
        }
        let blocked = try #require(error as? SchedulerError).blocked
        #expect(blocked.map(\.tasklet.name).sorted() == ["first", "second"])
        #expect(blocked.allSatisfy { $0.waitsFor.hasPrefix("the end of tasklet") })
    }

    @Test(arguments: Configuration.all)
    func `Main joining a tasklet that nothing can wake is a deadlock`(configuration: Configuration) async throws {
        let error = try await configuration.run {
            let channel = Channel<Int>("never")
            let tasklet = Tasklet.spawn("stuck") { _ = try await channel.receive() }
            while channel.balance == 0 { try await Tasklet.schedule() }
            let error = await schedulerError { try await tasklet.join() }
            try await channel.send(1)
            return error
        }
        #expect(error?.code == .deadlock)
        #expect(error?.message.contains("Deadlock") == true)
        #expect(error?.blocked.map(\.tasklet.name).sorted() == ["main", "stuck"])
    }

    @Test(arguments: Configuration.all)
    func `The error of a joined tasklet goes to main, not to the joiner`(configuration: Configuration) async throws {
        let log = Log()
        let error = try await configuration.run {
            let channel = Channel<Int>()
            let thrower = Tasklet.spawn {
                _ = try await channel.receive()
                throw Failure("thrown")
            }
            let joiner = Tasklet.spawn {
                do {
                    try await thrower.join()
                    log.add("joined")
                } catch {
                    log.add("caught")
                }
            }
            let error = await failure {
                try await channel.send(1)
                try await joiner.join()
                for _ in 0..<1000 { try await Tasklet.schedule() }
            }
            try await joiner.join()
            return error as? Failure
        }
        #expect(error == Failure("thrown"))
        #expect(log.text == "joined")
    }

    @Test(arguments: Configuration.all)
    func `Names, numbers and descriptions`(configuration: Configuration) async throws {
        let texts = try await configuration.run {
            let named = Tasklet.spawn("worker") {}
            let unnamed = Tasklet.spawn {}
            let texts = [named.name, unnamed.name, "\(named)", "\(unnamed)", Tasklet.current.name]
            let numbers = [Tasklet.main.id, named.id, unnamed.id]
            return texts + numbers.map { "\($0)" }
        }
        #expect(texts == ["worker", "tasklet-3", "tasklet 'worker' (2)", "tasklet 3", "main", "1", "2", "3"])
    }

    @Test(arguments: Configuration.all)
    func `Main is main, and current is the calling tasklet`(configuration: Configuration) async throws {
        let flags = try await configuration.run {
            let inside = Box<[Bool]>([])
            let main = Tasklet.current
            let tasklet = Tasklet.spawn {
                inside.value = [
                    Tasklet.current.isMain, Tasklet.current.isCurrent, main.isCurrent, Tasklet.main == main,
                    Tasklet.current == main, Tasklet.current.isRunnable,
                ]
            }
            try await tasklet.join()
            return inside.value + [main.isMain, main.isCurrent, tasklet.isMain, Set([main, tasklet, main]).count == 2]
        }
        #expect(flags == [false, true, false, true, false, true, true, true, false, true])
    }
}
