// SPDX-License-Identifier: Apache-2.0

import Tasklets

@testable import Profiling

/// A program whose tasklets wait for all kinds of things, traced.
enum TracedProgram {
    /// Returns the trace of one run.
    static func trace(on configuration: SampledConfiguration) throws -> Trace {
        let recorder = TraceRecorder.turnOn(capacity: 100_000)
        let scheduler = try configuration.makeScheduler()
        let waitsSynchronously = configuration.waitsSynchronously
        try scheduler.run {
            recorder.start()
            defer { recorder.stop() }
            try await exchange()
            try await interrupt()
            try await useOthers()
            try await serve()
            if waitsSynchronously { try await waitSynchronously() }
            for _ in 0..<3 {
                Tasklet.spawn("short") {}
                try await Tasklet.schedule()
            }
        }
        return recorder.trace
    }

    private static func exchange() async throws {
        let questions = Channel<Int>("questions")
        let answers = Channel<Int>()
        let echo = Tasklet.spawn("echo") {
            for _ in 0..<3 { try await answers.send(questions.receive() + 1) }
        }
        for number in 0..<3 {
            try await questions.send(number)
            _ = try await answers.receive()
        }
        try await echo.join()
    }

    private static func interrupt() async throws {
        let silence = Channel<Int>("silence")
        let victim = Tasklet.spawn("victim") { _ = try await silence.receive() }
        while !victim.isBlocked { try await Tasklet.sleep(for: .microseconds(10)) }
        try await victim.kill()
        try await victim.join()
    }

    private static func useOthers() async throws {
        let value = OneShot<Int>()
        let waiter = Tasklet.spawn("waiter") { _ = try await value.value() }
        let helper = Helper()
        for _ in 0..<3 { await helper.help() }
        await withTaskGroup(of: Void.self) { $0.addTask { await helper.help() } }
        while !waiter.isBlocked { try await Tasklet.schedule() }
        value.fulfill(1)
        try await waiter.join()
    }

    private static func serve() async throws {
        let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
        let server = Tasklet.spawn("server") {
            let stream = try await listener.accept()
            _ = try await readByte(stream)
            stream.close()
        }
        let stream = try await TCPStream.connect(host: "127.0.0.1", port: listener.port)
        try await Tasklet.sleep(for: .microseconds(10))
        let byte = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
        defer { byte.deallocate() }
        byte[0] = 1
        try await stream.write(UnsafeRawBufferPointer(byte))
        _ = try await readByte(stream)
        stream.close()
        try await server.join()
        listener.close()
    }

    /// Returns how many bytes were read: 0 at the end of the stream.
    private static func readByte(_ stream: TCPStream) async throws -> Int {
        let byte = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
        defer { byte.deallocate() }
        return try await stream.read(into: byte)
    }

    private static func waitSynchronously() async throws {
        let numbers = Channel<Int>("numbers")
        let below = Tasklet.spawn("below") { _ = try [1, 2].map { try numbers.receive() + $0 } }
        for number in 0..<2 { try await numbers.send(number) }
        try await below.join()
    }

    private actor Helper {
        var calls = 0
        func help() { calls += 1 }
    }
}
