// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import TestSupport
import Testing

/// What the client's connection pool costs, in connections and waiters looked at.
@Suite struct `The cost of a connection pool` {
    private static let count = 40

    @Test(arguments: Configuration.all)
    func `A new connection does not look at the other hosts`(configuration: Configuration) throws {
        let steps = try configuration.makeScheduler().run {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            defer { listener.close() }
            let pool = ConnectionPool(limit: 4, idleTime: .seconds(86_400))
            for number in 0..<Self.count {
                let host = HostKey(try PageURL("http://host-\(number).test/"))
                try await pool.acquire(host, until: nil)
                #expect(pool.take(to: host, isNew: false) == nil)
                pool.release(host, keeping: try await .open(listener.port))
            }
            let steps = pool.steps
            pool.closeIdle()
            return steps
        }
        #expect(steps <= 2 * Self.count)
    }

    @Test(arguments: Configuration.all)
    func `An expired connection is looked at when it is closed, and not again`(configuration: Configuration) throws {
        let (steps, left) = try configuration.makeScheduler().run {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            defer { listener.close() }
            let pool = ConnectionPool(limit: 4, idleTime: .zero)
            var last: HTTPConnection?
            for number in 0..<Self.count {
                let host = HostKey(try PageURL("http://host-\(number % 5).test/"))
                try await pool.acquire(host, until: nil)
                #expect(pool.take(to: host, isNew: false) == nil)
                let connection = try await HTTPConnection.open(listener.port)
                pool.release(host, keeping: connection)
                last = connection
            }
            let steps = pool.steps
            pool.closeIdle()
            return (steps, last != nil)
        }
        #expect(left)
        #expect(steps <= 6 * Self.count)
    }

    @Test(arguments: Configuration.all)
    func `Waiters that leave, from whichever end, do not make the others move`(configuration: Configuration) throws {
        let (steps, turns) = try configuration.makeScheduler().run {
            let pool = ConnectionPool(limit: 1, idleTime: .zero)
            let host = HostKey(try PageURL("http://host.test/"))
            let turns = Guarded<[Int]>([])
            try await pool.acquire(host, until: nil)
            _ = pool.take(to: host, isNew: true)
            var waiters: [Tasklet] = []
            for number in 0..<Self.count {
                let waiter = Tasklet.spawn {
                    try await pool.acquire(host, until: nil)
                    turns.withLock { $0.append(number) }
                    _ = pool.take(to: host, isNew: true)
                    pool.release(host, keeping: nil)
                }
                try await yieldUntil { waiter.isBlocked }
                waiters.append(waiter)
            }
            for waiter in waiters[10..<30].reversed() { try await waiter.kill() }
            pool.release(host, keeping: nil)
            for waiter in waiters { try await waiter.join() }
            return (pool.steps, turns.withLock { $0 })
        }
        #expect(turns == Array(0..<10) + Array(30..<Self.count))
        #expect(steps <= 4 * Self.count)
    }
}

extension HTTPConnection {
    /// A connection on which nothing is sent.
    fileprivate static func open(_ port: Int) async throws -> HTTPConnection {
        HTTPConnection(try await TCPStream.connect(host: "127.0.0.1", port: port))
    }
}
