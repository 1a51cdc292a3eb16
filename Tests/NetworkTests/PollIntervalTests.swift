// SPDX-License-Identifier: Apache-2.0

import Backends
import Tasklets
import Testing

@Suite struct `The interval at which epoll polls sockets` {
    /// Counts the polls while two tasklets yield to each other 1,000 times each and another waits at a socket.
    private func looks(interval: Int, _ switching: Switching) throws -> UInt64 {
        var options = SchedulerOptions(switching: switching)
        options.pollInterval = interval
        let scheduler = try Backend.epoll.makeScheduler(options)
        return try scheduler.run {
            let connection = try await Connection.open()
            let reader = Tasklet.spawn { _ = try await connection.server.read(1, deadline: nil) }
            try await Tasklet.schedule()
            let before = scheduler.counters.systemCalls["epoll_pwait2"] ?? 0
            let other = Tasklet.spawn { for _ in 0..<1_000 { try await Tasklet.schedule() } }
            for _ in 0..<1_000 { try await Tasklet.schedule() }
            let after = scheduler.counters.systemCalls["epoll_pwait2"] ?? 0
            try await reader.kill()
            try await other.join()
            connection.close()
            return after - before
        }
    }

    @Test(arguments: Backend.epoll.switchings)
    func `2,000 switches make as many polls as the interval goes into them`(switching: Switching) throws {
        #expect((1_990...2_010).contains(try looks(interval: 1, switching)))
        #expect((195...205).contains(try looks(interval: 10, switching)))
        #expect((30...33).contains(try looks(interval: 64, switching)))
        #expect(try looks(interval: 10_000, switching) <= 1)
    }

    @Test func `An interval of zero is an interval of one`() throws {
        #expect((1_990...2_010).contains(try looks(interval: 0, .soft)))
    }
}
