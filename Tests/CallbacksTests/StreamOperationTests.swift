// SPDX-License-Identifier: Apache-2.0

import Callbacks
import Tasklets
import TestSupport
import Testing

@Suite struct `A reactor's operations on streams` {
    @Test(arguments: Configuration.withReactors)
    func `An echo with callbacks alone`(configuration: Configuration) async throws {
        let text = try await configuration.run {
            let port = try await serveOne { stream in
                while true {
                    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 100, alignment: 1)
                    defer { buffer.deallocate() }
                    let count = try await stream.read(into: buffer)
                    if count == 0 { return }
                    try await stream.write(UnsafeRawBufferPointer(rebasing: buffer.prefix(count)))
                }
            }
            let reactor = try await Reactor.start()
            let echo = Deferred<String>("echo")
            try reactor.connect(host: "127.0.0.1", port: port) { result in
                let stream = try result.get()
                try reactor.write(Array("hello".utf8), to: stream) { result in
                    try result.get()
                    try reactor.read(stream) { result in
                        try echo.fire(with: result.map { String(decoding: $0, as: UTF8.self) })
                        stream.close()
                    }
                }
            }
            return try await echo.value()
        }
        #expect(text == "hello")
    }

    @Test(arguments: Configuration.withReactors)
    func `The end of a stream is a read of nothing`(configuration: Configuration) async throws {
        let counts = try await configuration.run {
            let port = try await serveOne { try await $0.write("last words") }
            let reactor = try await Reactor.start()
            let stream = try await reactor.connect(host: "127.0.0.1", port: port).value()
            return [try await reactor.read(stream).value().count, try await reactor.read(stream).value().count]
        }
        #expect(counts == [10, 0])
    }

    @Test(arguments: Configuration.withReactors)
    func `A write larger than the kernel's buffers waits for the peer, while reads complete`(
        configuration: Configuration
    ) async throws {
        let size = 16 << 20
        let outcome = try await configuration.run {
            let received = OneShot<Int>()
            let mayRead = OneShot<Void>()
            let port = try await serveOne { stream in
                try await stream.write("go on")
                try await mayRead.value()
                received.fulfill(try await stream.drain())
            }
            let reactor = try await Reactor.start()
            let stream = try await reactor.connect(host: "127.0.0.1", port: port).value()
            let written = try reactor.write([UInt8](repeating: 1, count: size), to: stream)
            let reply = try await reactor.read(stream).value().count
            let isWaiting = written.result == nil
            mayRead.fulfill(())
            try await written.value()
            stream.close()
            return (reply, isWaiting, try await received.value())
        }
        #expect(outcome == (5, true, size))
    }

    @Test(arguments: Configuration.withReactors)
    func `A deadline ends an operation, and the next one is not disturbed`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let mayWrite = OneShot<Void>()
            let port = try await serveOne { stream in
                try await mayWrite.value()
                try await stream.write("late")
            }
            let reactor = try await Reactor.start()
            let stream = try await reactor.connect(host: "127.0.0.1", port: port).value()
            var codes: [SchedulerError.Code?] = []
            for deadline in [ContinuousClock.now + .milliseconds(1), .now - .seconds(1)] {
                let read = try reactor.read(stream, deadline: deadline)
                codes.append(await schedulerError { _ = try await read.value() }?.code)
            }
            mayWrite.fulfill(())
            let read = try reactor.read(stream, deadline: .now + .seconds(3600))
            return (codes, try await read.value().count)
        }
        #expect(outcome == ([.timedOut, .timedOut], 4))
    }

    @Test(arguments: Configuration.withReactors)
    func `Closing a stream fails what waits at it`(configuration: Configuration) async throws {
        let code = try await configuration.run {
            let done = OneShot<Void>()
            let port = try await serveOne { _ in try await done.value() }
            let reactor = try await Reactor.start()
            let stream = try await reactor.connect(host: "127.0.0.1", port: port).value()
            let read = try reactor.read(stream)
            stream.close()
            let code = await schedulerError { _ = try await read.value() }?.code
            done.fulfill(())
            return code
        }
        #expect(code == .system)
    }

    @Test(arguments: Configuration.withReactors)
    func `Connections that are refused, and hosts that are unknown, are errors`(
        configuration: Configuration
    ) async throws {
        let port = RefusingPort()
        let outcome = try await configuration.run {
            let reactor = try await Reactor.start()
            let refused = try reactor.connect(host: "127.0.0.1", port: port.number)
            let unknown = try reactor.connect(host: "no-such-host.invalid", port: 80)
            return (
                await schedulerError { _ = try await refused.value() },
                await schedulerError { _ = try await unknown.value() }?.code
            )
        }
        #expect(outcome.0?.code == .system)
        #expect(outcome.0?.message.contains("127.0.0.1:\(port.number)") == true)
        #expect(outcome.1 == .system)
    }

    @Test(arguments: Configuration.withReactors)
    func `A host is connected to by its name`(configuration: Configuration) async throws {
        let count = try await configuration.run {
            let port = try await serveOne { try await $0.write("hello") }
            let reactor = try await Reactor.start()
            let stream = try await reactor.connect(host: "localhost", port: port).value()
            return try await reactor.read(stream).value().count
        }
        #expect(count == 5)
    }

    @Test(arguments: Configuration.withReactors)
    func `Stopping a reactor ends its operations, and leaves the streams open`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let mayWrite = OneShot<Void>()
            let port = try await serveOne { stream in
                try await mayWrite.value()
                try await stream.write("hello")
            }
            let reactor = try await Reactor.start()
            let stream = try await reactor.connect(host: "127.0.0.1", port: port).value()
            let read = try reactor.read(stream)
            reactor.stop()
            let code = await schedulerError { _ = try await read.value() }?.code
            mayWrite.fulfill(())
            let other = try await Reactor.start()
            return (code, try await other.read(stream).value().count)
        }
        #expect(outcome == (.deadTasklet, 5))
    }

    @Test(arguments: Configuration.withReactors)
    func `Operations that need not wait leave others their turns`(configuration: Configuration) async throws {
        let turns = try await configuration.run {
            let reactor = try await Reactor.start()
            let isDone = Box(false)
            let turns = Counter()
            let other = Tasklet.spawn {
                for _ in 0..<100 {
                    turns.add()
                    try await Tasklet.schedule()
                }
                isDone.value = true
            }
            @Sendable func again(_ result: Result<Void, any Error>) throws {
                if !isDone.value { try reactor.after(.zero, then: again) }
            }
            try reactor.after(.zero, then: again)
            try await other.join()
            return turns.value
        }
        #expect(turns == 100)
    }
}
