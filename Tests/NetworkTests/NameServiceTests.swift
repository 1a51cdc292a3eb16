// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// Host names to addresses.
@Suite struct `Looking names up` {
    @Test(arguments: Configuration.all)
    func `What many tasklets ask at the same time is asked once`(configuration: Configuration) async throws {
        let resolver = SlowResolver()
        let names = NameService(threadLimit: 4, resolve: resolver.resolve)
        let connected = Counter()
        try await configuration.run(with: names) {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let clients = (0..<20).map { _ in
                Tasklet.spawn("client") {
                    _ = try await TCPStream.connect(host: "host.test", port: listener.port)
                    connected.add()
                }
            }
            try await yieldUntil { clients.allSatisfy(\.isBlocked) && resolver.running >= 1 }
            resolver.open()
            for client in clients { try await client.join() }
            listener.close()
        }
        #expect(connected.value == 20)
        #expect(resolver.asked == ["host.test"])
    }

    @Test(arguments: Configuration.all)
    func `However many names there are, only so many threads ask`(configuration: Configuration) async throws {
        let resolver = SlowResolver()
        let names = NameService(threadLimit: 3, resolve: resolver.resolve)
        let hosts = (0..<40).map { "host-\($0).test" }
        try await configuration.run(with: names) {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let clients = hosts.map { host in
                Tasklet.spawn("client") { _ = try await TCPStream.connect(host: host, port: listener.port) }
            }
            try await yieldUntil { clients.allSatisfy(\.isBlocked) && resolver.running >= 3 }
            resolver.open()
            for client in clients { try await client.join() }
            listener.close()
        }
        #expect(resolver.mostRunning == 3)
        #expect(Set(resolver.asked) == Set(hosts))
        #expect(resolver.asked.count == hosts.count)
    }

    @Test(arguments: Configuration.all)
    func `A tasklet keeps its deadline, and the look-up that outlives it answers the next one that asks`(
        configuration: Configuration
    ) async throws {
        let resolver = SlowResolver()
        let names = NameService(threadLimit: 1, resolve: resolver.resolve)
        let code = try await configuration.run(with: names) {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let first = Tasklet.spawn("first") {
                _ = try await TCPStream.connect(host: "host.test", port: listener.port)
            }
            try await yieldUntil { first.isBlocked && resolver.running >= 1 }
            let soon = ContinuousClock.now + .milliseconds(5)
            let error = await schedulerError {
                _ = try await TCPStream.connect(host: "host.test", port: listener.port, deadline: soon)
            }
            try await first.kill()
            try await first.join()
            let next = Tasklet.spawn("next") {
                _ = try await TCPStream.connect(host: "host.test", port: listener.port)
            }
            try await yieldUntil { next.isBlocked }
            resolver.open()
            try await next.join()
            listener.close()
            return error?.code
        }
        #expect(code == .timedOut)
        #expect(resolver.asked == ["host.test"])
    }

    @Test(arguments: Configuration.all)
    func `A question that nobody waits for any more is not asked`(configuration: Configuration) async throws {
        let resolver = SlowResolver()
        let names = NameService(threadLimit: 1, resolve: resolver.resolve)
        try await configuration.run(with: names) {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let clients = try await ["first", "second", "third"].asyncMap { host in
                let client = Tasklet.spawn(host) { _ = try await TCPStream.connect(host: host, port: listener.port) }
                try await yieldUntil { client.isBlocked && resolver.running >= 1 }
                return client
            }
            try await clients[1].kill()
            resolver.open()
            for client in clients { try await client.join() }
            listener.close()
        }
        #expect(resolver.asked == ["first", "third"])
    }

    @Test(arguments: Configuration.all)
    func `Everybody who has asked gets the error, and it is not kept`(configuration: Configuration) async throws {
        let resolver = SlowResolver()
        let names = NameService(threadLimit: 1, resolve: resolver.resolve)
        let log = Log()
        @Sendable func refusal() async -> String {
            await schedulerError { _ = try await TCPStream.connect(host: "unknown", port: 1) }?.message ?? "none"
        }
        try await configuration.run(with: names) {
            let clients = (0..<3).map { _ in
                Tasklet.spawn("client") { log.add(await refusal()) }
            }
            try await yieldUntil { clients.allSatisfy(\.isBlocked) && resolver.running >= 1 }
            resolver.open()
            for client in clients { try await client.join() }
            log.add(await refusal())
        }
        #expect(log.all == Array(repeating: "unknown is unknown", count: 4))
        #expect(resolver.asked == ["unknown", "unknown"])
    }

    @Test(arguments: Configuration.all)
    func `The system is asked, and each of its addresses is tried`(configuration: Configuration) async throws {
        let port = try await configuration.run {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            defer { listener.close() }
            let stream = try await TCPStream.connect(host: "localhost", port: listener.port)
            return stream.localPort
        }
        #expect(port > 0)
    }

    @Test(arguments: Configuration.all)
    func `Addresses in numbers are not asked for`(configuration: Configuration) async throws {
        let names = NameService(threadLimit: 1) { host in throw SchedulerError(.system, "\(host) was asked for") }
        let ports = try await configuration.run(with: names) {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let stream = try await TCPStream.connect(host: "127.0.0.1", port: listener.port)
            defer { listener.close() }
            return [listener.port, stream.localPort]
        }
        #expect(ports.allSatisfy { $0 > 0 })
    }
}

extension Sequence {
    fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
        var results: [T] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
