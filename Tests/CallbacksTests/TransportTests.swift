// SPDX-License-Identifier: Apache-2.0

import Callbacks
import Tasklets
import TestSupport
import Testing

@Suite struct `A protocol in a tasklet` {
    @Test(arguments: Configuration.withReactors)
    func `What the peer writes comes through the channel, to the end`(configuration: Configuration) async throws {
        let received = try await configuration.run {
            let port = try await serveOne { stream in
                for number in 0..<10 { try await stream.write("line \(number);") }
            }
            let transport = try await connect(to: port)
            return try await transport.text()
        }
        #expect(received == (0..<10).map { "line \($0);" }.joined())
    }

    @Test(arguments: Configuration.withReactors)
    func `The end comes again, and costs no wait`(configuration: Configuration) async throws {
        let chunks = try await configuration.run {
            let port = try await serveOne { try await $0.write("last") }
            let transport = try await connect(to: port)
            _ = try await transport.text()
            return [try await transport.receive(), try await transport.receive()]
        }
        #expect(chunks == [[], []])
    }

    @Test(arguments: Configuration.withReactors)
    func `An echo in straight-line code`(configuration: Configuration) async throws {
        let replies = try await configuration.run {
            let reactor = try await Reactor.start()
            let port = try await serveOne { stream in
                let transport = try Transport(reactor, stream, chunkSize: 8)
                while case let bytes = try await transport.receive(), !bytes.isEmpty {
                    try await transport.write(bytes)
                }
            }
            let client = try await connect(to: port, reactor)
            var replies: [String] = []
            for number in 0..<5 {
                try await client.write(Array("say \(number)".utf8))
                replies.append(String(decoding: try await client.receive(), as: UTF8.self))
            }
            client.close()
            return replies
        }
        #expect(replies == (0..<5).map { "say \($0)" })
    }

    @Test(arguments: Configuration.orderedWithReactors)
    func `The reactor pauses while the tasklet receives nothing, and the peer's writes wait`(
        configuration: Configuration
    ) async throws {
        let size = 16 << 20
        let outcome = try await configuration.run {
            let written = OneShot<Void>()
            let port = try await serveOne { stream in
                let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
                defer { bytes.deallocate() }
                bytes.initializeMemory(as: UInt8.self, repeating: 7)
                try await stream.write(UnsafeRawBufferPointer(bytes))
                written.fulfill(())
            }
            let transport = try await connect(to: port)
            // Until nothing moves any more: the kernel's buffers and the channel are full.
            var isIdle = false
            while !isIdle {
                let before = Tasklet.scheduler.counters.total
                for _ in 0..<100 { try await Tasklet.schedule() }
                isIdle = Tasklet.scheduler.counters.total - before <= 101
            }
            let wasWritten = written.result != nil
            var count = 0
            while case let bytes = try await transport.receive(), !bytes.isEmpty { count += bytes.count }
            return (wasWritten, count)
        }
        #expect(outcome == (false, size))
    }

    @Test(arguments: Configuration.withReactors)
    func `A stopped reactor ends the protocol with its error`(configuration: Configuration) async throws {
        let code = try await configuration.run { () -> SchedulerError.Code? in
            let mayEnd = OneShot<Void>()
            let port = try await serveOne { _ in try await mayEnd.value() }
            let reactor = try await Reactor.start()
            let transport = try await connect(to: port, reactor)
            defer {
                transport.close()
                mayEnd.fulfill(())
            }
            reactor.stop()
            do { _ = try await transport.receive() } catch let error as SchedulerError { return error.code }
            return nil
        }
        #expect(code == .deadTasklet)
    }

    @Test(arguments: Configuration.withReactors)
    func `A connection that the tasklet closes ends its own waits`(configuration: Configuration) async throws {
        let hasThrown = try await configuration.run {
            let mayEnd = OneShot<Void>()
            let port = try await serveOne { _ in try await mayEnd.value() }
            let transport = try await connect(to: port)
            defer { mayEnd.fulfill(()) }
            Tasklet.spawn { transport.close() }
            do { return try await transport.receive().isEmpty } catch is SchedulerError { return true }
        }
        #expect(hasThrown)
    }
}

private func connect(to port: Int, _ reactor: Reactor? = nil) async throws -> Transport {
    var reactor = reactor
    if reactor == nil { reactor = try await Reactor.start() }
    guard let reactor else { preconditionFailure("a reactor was started") }
    return try Transport(reactor, try await reactor.connect(host: "127.0.0.1", port: port).value())
}

extension Transport {
    /// Everything up to the end.
    fileprivate func text() async throws -> String {
        var all: [UInt8] = []
        while case let bytes = try await receive(), !bytes.isEmpty { all += bytes }
        close()
        return String(decoding: all, as: UTF8.self)
    }
}
