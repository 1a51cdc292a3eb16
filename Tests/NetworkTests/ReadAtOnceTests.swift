// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets
import TestSupport
import Testing

/// Reading without waiting.
@Suite struct `Reading at once` {
    @Test(arguments: Configuration.all)
    func `It returns available bytes without waiting, and nil where there are none`(
        configuration: Configuration
    ) async throws {
        let results = try await configuration.run {
            let (server, peer) = try await RawPeer.connect()
            var results = [server.result]
            peer.send([1, 2])
            // A read that leaves room in its buffer, and may be noted to have emptied the socket.
            results.append("\(try await server.read(8, deadline: nil))")
            results.append(server.result)
            peer.send([3])
            results.append(try await server.nextResult)
            results.append(server.result)
            peer.close()
            results.append(try await server.nextResult)
            server.close()
            results.append(server.result)
            return results
        }
        #expect(results == ["nil", "[1, 2]", "nil", "1", "nil", "0", "read failed: Operation canceled"])
    }

    @Test(arguments: Configuration.all)
    func `It finds what has arrived, though no other tasklet and no event loop has had a turn since`(
        configuration: Configuration
    ) async throws {
        let results = try await configuration.run {
            let (server, peer) = try await RawPeer.connect()
            for _ in 0..<10 { try await Tasklet.schedule() }
            peer.send([1, 2])
            let bytes = server.resultOfAsking
            peer.close()
            return [bytes, server.resultOfAsking]
        }
        #expect(results == ["2", "0"])
    }

    @Test(arguments: Configuration.all)
    func `A connection that was reset fails`(configuration: Configuration) async throws {
        let result = try await configuration.run {
            let (server, peer) = try await RawPeer.connect()
            peer.reset()
            return try await server.nextResult
        }
        #expect(result == "read failed: Connection reset by peer")
    }

    @Test(arguments: Configuration.all)
    func `A tasklet that waits already comes first`(configuration: Configuration) async throws {
        let (early, bytes, late) = try await configuration.run {
            let (server, peer) = try await RawPeer.connect()
            let bytes = Box<[UInt8]>([])
            let reader = Tasklet.spawn("reader") { bytes.value = try await server.read(8, deadline: nil) }
            try await yieldUntil { !reader.isRunnable }
            let early = server.result
            peer.send([1])
            try await reader.join()
            let late = server.result
            peer.close()
            server.close()
            return (early, bytes.value, late)
        }
        #expect(early == "nil")
        #expect(bytes == [1])
        #expect(late == "nil")
    }
}

extension TCPStream {
    /// What reading at once returns, or the error's message.
    fileprivate var result: String {
        withUnsafeTemporaryAllocation(byteCount: 8, alignment: 1) { buffer in
            do { return try readAtOnce(into: buffer).map { "\($0)" } ?? "nil" } catch {
                return (error as? SchedulerError)?.message ?? "\(error)"
            }
        }
    }

    /// The same, asked again and again without a pause, for what takes the kernel no longer than that.
    fileprivate var resultOfAsking: String {
        for _ in 0..<100_000 {
            let result = result
            if result != "nil" { return result }
            sched_yield()
        }
        return "nil"
    }

    /// The same, once something has arrived, which takes the kernel a while even on one machine.
    fileprivate var nextResult: String {
        get async throws {
            while true {
                let result = result
                if result != "nil" { return result }
                try await Tasklet.schedule()
            }
        }
    }
}
