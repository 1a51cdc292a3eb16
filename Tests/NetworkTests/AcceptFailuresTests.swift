// SPDX-License-Identifier: Apache-2.0

import Backends
import CAcceptFaults
import Glibc
import Tasklets
import TestSupport
import Testing

/// Connections that have failed before they are accepted.
@Suite struct `Accepting a connection that has failed` {
    /// The errors that accept(2) passes on, or says to retry.
    private static let failures = [
        ECONNABORTED, EPROTO, EPERM, ETIMEDOUT, ENETDOWN, ENETUNREACH, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH,
        EOPNOTSUPP,
    ]

    @Test(arguments: Configuration.withFaults)
    func `Accepting continues with the next one`(configuration: Configuration) async throws {
        let faults = Faults { operation, number in
            operation == .accept && number < Self.failures.count ? .failure(Self.failures[number]) : nil
        }
        let bytes = try await configuration.run(with: faults) { try await bytesThroughNewConnection() }
        #expect(bytes == Pattern.bytes(10))
        #expect(faults.count(of: .accept) > Self.failures.count)
    }

    /// NIO calls accept4(2) on the thread that runs the tasklets.
    @Test(arguments: Configuration.all.filter { $0.backend == .nio }, failures)
    func `Accepting continues where NIO gives up`(configuration: Configuration, code: CInt) async throws {
        let (failed, all) = try await configuration.run {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            var all: [[UInt8]] = []
            fail_accepts(code, 3)
            for _ in 0..<3 {
                let client = try await TCPStream.connect(host: "127.0.0.1", port: listener.port)
                let server = try await listener.accept()
                let connection = Connection(listener: listener, client: client, server: server)
                all.append(try await connection.bounce(10))
                server.close()
                client.close()
            }
            listener.close()
            return (failed_accepts(), all)
        }
        #expect(failed == 3)
        #expect(all == Array(repeating: Pattern.bytes(10), count: 3))
    }

    @Test(arguments: Configuration.all)
    func `What is wrong with the listener is an error for every tasklet that accepts`(
        configuration: Configuration
    ) async throws {
        let faults = Faults { operation, _ in operation == .accept ? .failure(EINVAL) : nil }
        let messages = try await configuration.run(with: faults) {
            if configuration.backend == .nio { fail_accepts(EINVAL, 2) }
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let client = try await TCPStream.connect(host: "127.0.0.1", port: listener.port)
            let messages = Log()
            let acceptors = (0..<2).map { _ in
                Tasklet.spawn("acceptor") {
                    messages.add(await schedulerError { _ = try await listener.accept() }?.message ?? "none")
                }
            }
            for acceptor in acceptors { try await acceptor.join() }
            listener.close()
            client.close()
            return messages.all
        }
        #expect(messages == Array(repeating: "accept failed: Invalid argument", count: 2))
    }

    @Test func `Where one connection after another fails, accepting pauses`() {
        var pause = AcceptPause()
        let pauses = (0..<140).map { _ in pause.next(after: Int(EPERM)) ?? .seconds(-1) }
        #expect(pauses.prefix(128).allSatisfy { $0 == .zero })
        #expect(pauses[128...130] == [.milliseconds(5), .milliseconds(10), .milliseconds(20)])
        #expect(pauses.last == .seconds(1))
        #expect(pause.next(after: Int(EINVAL)) == nil)
    }
}

private func bytesThroughNewConnection() async throws -> [UInt8] {
    let connection = try await Connection.open()
    defer { connection.close() }
    return try await connection.bounce(10)
}
