// SPDX-License-Identifier: Apache-2.0

import Backends
import Glibc
import Tasklets
import TestSupport
import Testing

/// What a tasklet that calls too deep does to the process: it ends with a sentence.
@Suite struct `Stack overflows` {
    private static let mostKiB = 1 << 20

    @Test(arguments: Configuration.all)
    func `A tasklet that overflows its stack is named`(configuration: Configuration) async throws {
        let name = configuration.testDescription
        let result = await #expect(processExitsWith: .signal(SIGABRT), observing: [\.standardErrorContent]) {
            [name = name as String] in
            Self.makeSignalsFatal()
            let scheduler = try Self.configuration(name).makeScheduler()
            try await onItsOwnThread {
                try scheduler.run {
                    let channel = Channel<Int>()
                    for _ in 0..<8 { Tasklet.spawn { _ = try await channel.receive() } }
                    let deep = Tasklet.spawn("deep") { exit(CInt(deepSum(Self.mostKiB) & 1)) }
                    try await deep.join()
                }
            }
        }
        let text = try text(of: result)
        #expect(text.contains("Fatal error: tasklet 'deep' (10), spawned at TaskletsTests/OverflowTests.swift:"))
        #expect(text.contains(", has overflowed its") && text.contains(" KiB; SchedulerOptions.stackSize"))
    }

    /// Most programs wait somewhere in synchronous code, and from then on run on other stacks.
    @Test(arguments: Configuration.waitingSynchronously)
    func `It is named after another tasklet has waited in synchronous code, too`(
        configuration: Configuration
    ) async throws {
        let name = configuration.testDescription
        let result = await #expect(processExitsWith: .signal(SIGABRT), observing: [\.standardErrorContent]) {
            [name = name as String] in
            Self.makeSignalsFatal()
            let scheduler = try Self.configuration(name).makeScheduler()
            try await onItsOwnThread {
                try scheduler.run {
                    let channel = Channel<Int>()
                    Tasklet.spawn { _ = try (0..<1).map { _ in try channel.receive() } }
                    while channel.balance == 0 { try await Tasklet.schedule() }
                    Tasklet.spawn { exit(CInt(deepSum(Self.mostKiB) & 1)) }
                    while true { try await Tasklet.schedule() }
                }
            }
        }
        #expect(try text(of: result).contains("Fatal error: tasklet 3, spawned at TaskletsTests/OverflowTests.swift:"))
    }

    /// There, the loop runs the actor's job, and not the tasklet.
    @Test(arguments: Configuration.all)
    func `In an actor's method it is said that no tasklet is known`(configuration: Configuration) async throws {
        actor Deep {
            func sum(_ size: Int) -> Int { deepSum(size) }
        }
        let name = configuration.testDescription
        let result = await #expect(processExitsWith: .signal(SIGABRT), observing: [\.standardErrorContent]) {
            [name = name as String] in
            Self.makeSignalsFatal()
            let scheduler = try Self.configuration(name).makeScheduler()
            try await onItsOwnThread { try scheduler.run { if await Deep().sum(Self.mostKiB) > 0 { exit(0) } } }
        }
        let text = try text(of: result)
        // The runtime's own threads keep the tasklet's note, whatever it runs in.
        let who =
            configuration.backend == .swiftConcurrency
            ? "tasklet 'main' (1)" : "code in an actor's method, or of no tasklet,"
        #expect(text.contains("Fatal error: \(who) has overflowed its"))
        #expect(text.contains(" KiB; SchedulerOptions.stackSize"))
    }

    private static let ownStacks = Configuration.all.filter { ![.dispatch, .swiftConcurrency].contains($0.backend) }

    @Test(arguments: ownStacks)
    func `A tasklet has as much stack as was asked for, and no more`(configuration: Configuration) async throws {
        let name = configuration.testDescription
        let result = await #expect(processExitsWith: .signal(SIGABRT), observing: [\.standardErrorContent]) {
            [name = name as String] in
            Self.makeSignalsFatal()
            let scheduler = try Self.configuration(name).makeScheduler(stackSize: 4 << 20)
            try await onItsOwnThread {
                try scheduler.run {
                    let fits = Channel<Int>()
                    Tasklet.spawn { try await fits.send(deepSum(2 << 10)) }
                    _ = try await fits.receive()
                    _ = "fits".withCString { write(STDERR_FILENO, $0, strlen($0)) }
                    let deep = Tasklet.spawn("deep, with a name of many bytes") { exit(CInt(deepSum(8 << 10) & 1)) }
                    try await deep.join()
                }
            }
        }
        let text = try text(of: result)
        #expect(text.contains("fits"))
        #expect(text.contains("'deep, with a name of many bytes'") && text.contains("its stack of 4096 KiB"))
    }

    @Test func `Sizes out of range are refused`() throws {
        for size in [-1, 0, 4096, 2 << 30] { #expect(try refusal(.epoll, size)?.code == .unsupported) }
        #expect(try refusal(.threadPerTask, 64 << 10) == nil)
        for backend in [Backend.dispatch, .swiftConcurrency] {
            #expect(try refusal(backend, 1 << 20)?.message.contains("Dispatch's threads") == true)
        }
    }

    @Test func `Any other fault is left to the handler that was there before`() async throws {
        await #expect(processExitsWith: .exitCode(7)) {
            signal(SIGSEGV) { _ in _exit(7) }
            try Self.fault()
        }
        await #expect(processExitsWith: .signal(SIGSEGV)) {
            Self.makeSignalsFatal()
            try Self.fault()
        }
    }

    private static func fault() throws {
        try Backend.roundRobin.makeScheduler().run {
            let wild = UnsafeMutablePointer<Int>(bitPattern: 64)
            Tasklet.spawn { [address = UInt(bitPattern: wild)] in
                UnsafeMutablePointer<Int>(bitPattern: address)?.pointee = 1
            }
        }
    }

    private func refusal(_ backend: Backend, _ size: Int) throws -> SchedulerError? {
        var options = SchedulerOptions()
        options.stackSize = size
        do {
            _ = try backend.makeScheduler(options)
            return nil
        } catch let error as SchedulerError {
            return error
        }
    }

    /// Not inherited from the test runner, which may print a trace first.
    private static func makeSignalsFatal() {
        signal(SIGSEGV, SIG_DFL)
        signal(SIGABRT, SIG_DFL)
    }

    private static func configuration(_ name: String) throws -> Configuration {
        try #require(Configuration.all.first { $0.testDescription == name })
    }

    private func text(of result: ExitTest.Result?) throws -> String {
        String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    }
}
