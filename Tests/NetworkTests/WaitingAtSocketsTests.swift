// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// Waits at sockets that something else ends.
@Suite struct `Waiting at sockets` {
    @Test(arguments: Configuration.all, Wait.allCases)
    func `A waiting tasklet can be killed, and the next one takes its place`(
        configuration: Configuration,
        wait: Wait
    ) async throws {
        let outcome = try await configuration.run {
            let connection = try await Connection.open()
            let log = Log()
            let victim = Tasklet.spawn("victim") {
                do { try await wait.forever(at: connection) } catch {
                    log.add("\(type(of: error))")
                    throw error
                }
            }
            try await yieldUntil { !victim.isRunnable }
            try await victim.kill()
            try await victim.join()
            log.add(try await wait.end(at: connection))
            connection.close()
            return log.text
        }
        #expect(outcome == "TaskletExit \(wait)")
    }

    @Test(arguments: Configuration.all, Wait.allCases)
    func `Closing ends all waits`(configuration: Configuration, wait: Wait) async throws {
        let errors = try await configuration.run {
            let connection = try await Connection.open()
            let errors = Box<[String]>([])
            let waiting = (0..<3).map { _ in
                Tasklet.spawn("waiting") {
                    let error = await schedulerError { try await wait.forever(at: connection) }
                    errors.update { $0.append(error?.message ?? "none") }
                }
            }
            try await yieldUntil { waiting.allSatisfy { !$0.isRunnable } }
            connection.close()
            for tasklet in waiting { try await tasklet.join() }
            return errors.value
        }
        #expect(errors == Array(repeating: "\(wait) failed: Operation canceled", count: 3))
    }

    @Test(arguments: Configuration.all)
    func `A read and a write end at their deadlines, and later ones continue`(configuration: Configuration) async throws
    {
        let outcome = try await configuration.run {
            let connection = try await Connection.open()
            let soon = ContinuousClock.now + .milliseconds(1)
            let late = await schedulerError { _ = try await connection.server.read(1, deadline: soon) }
            try await connection.client.write("x")
            let read = try await connection.server.read(1)
            // Nobody reads: sooner or later there is no room left.
            let full = await schedulerError {
                while true { try await connection.client.write(chunk: 1 << 16, deadline: .now + .milliseconds(1)) }
            }
            connection.close()
            return (late?.code, read, full?.code)
        }
        #expect(outcome.0 == .timedOut)
        #expect(outcome.1 == Array("x".utf8))
        #expect(outcome.2 == .timedOut)
    }

    @Test(arguments: Configuration.all)
    func `Once a listener is closed, connecting fails, and the error names the address`(configuration: Configuration)
        async throws
    {
        let (port, error) = try await configuration.run {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let port = listener.port
            listener.close()
            return (port, await schedulerError { _ = try await TCPStream.connect(host: "127.0.0.1", port: port) })
        }
        #expect(error?.code == .system)
        #expect(error?.message.hasPrefix("connect to 127.0.0.1:\(port): ") == true)
    }

    @Test(arguments: Configuration.all)
    func `A port that is in use is refused`(configuration: Configuration) async throws {
        let error = try await configuration.run {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            defer { listener.close() }
            return await schedulerError { _ = try await TCPListener.bind(host: "127.0.0.1", port: listener.port) }
        }
        #expect(error?.code == .system)
        #expect(error?.message.contains("in use") == true)
    }

    @Test(arguments: Configuration.all)
    func `A closed stream can be closed again, but not used`(configuration: Configuration) async throws {
        let errors = try await configuration.run {
            let connection = try await Connection.open()
            connection.close()
            connection.close()
            var errors: [String] = []
            for wait in Wait.allCases {
                errors.append(await schedulerError { try await wait.forever(at: connection) }?.message ?? "none")
            }
            return errors
        }
        #expect(errors == Wait.allCases.map { "\($0) failed: Operation canceled" })
    }
}

/// What a tasklet can wait for.
enum Wait: CaseIterable, Sendable {
    case accept, read, write

    /// Waits for something that does not arrive.
    fileprivate func forever(at connection: Connection) async throws {
        switch self {
        case .accept: _ = try await connection.listener.accept()
        case .read: _ = try await connection.server.read(1)
        case .write: while true { try await connection.server.write(chunk: 1 << 16) }
        }
    }

    /// Does the same where it does arrive, and returns which it was.
    fileprivate func end(at connection: Connection) async throws -> String {
        switch self {
        case .accept:
            let client = try await TCPStream.connect(host: "127.0.0.1", port: connection.listener.port)
            try await connection.listener.accept().close()
            client.close()
        case .read:
            try await connection.client.write("r")
            _ = try await connection.server.read(1)
        case .write:
            let reader = Tasklet.spawn { while try await !connection.client.read(1 << 16).isEmpty {} }
            try await connection.server.write(chunk: 1 << 20)
            connection.server.close()
            try await reader.join()
        }
        return "\(self)"
    }
}
