// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets
import Testing

/// What the kernel has told of a connection, and is not true any more when it is looked at.
@Suite struct `Stale events` {
    /// Both were ready when the loop looked; whoever goes on first closes the other's, whose number is taken again.
    @Test(arguments: Configuration.all)
    func `A connection in the place of one that was ready too is not taken for it`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let (first, firstPeer) = try await RawPeer.connect()
            let (second, secondPeer) = try await RawPeer.connect()
            let opened = Box<(stream: TCPStream, peer: RawPeer)?>(nil)
            let log = Log()
            let closer = Tasklet.spawn("closer") {
                _ = try await first.read(1)
                second.close()
                let (stream, peer) = try await RawPeer.connect()
                opened.value = (stream, peer)
            }
            let other = Tasklet.spawn("other") {
                let error = await schedulerError { log.add("\(try await second.read(1))") }
                if let error { log.add(error.message) }
            }
            try await yieldUntil { !closer.isRunnable && !other.isRunnable }
            firstPeer.send([1])
            secondPeer.send([2])
            try await closer.join()
            try await other.join()
            let (stream, peer) = try #require(opened.value)
            // It is not woken by what the old one was told of.
            let early = await schedulerError { _ = try await stream.read(1, deadline: .now + .milliseconds(1)) }
            peer.send([3])
            let bytes = try await stream.read(1)
            for stream in [first, stream] { stream.close() }
            for peer in [firstPeer, secondPeer, peer] { peer.close() }
            return (log.text, early?.code, bytes)
        }
        // Where it was not looked at together with the first, the other one finds it closed.
        #expect(["[2]", "read failed: Operation canceled"].contains(outcome.0))
        #expect(outcome.1 == .timedOut)
        #expect(outcome.2 == [3])
    }

    /// As one does that is inherited by a child process: then closing does not end what the kernel tells of it.
    @Test(arguments: Configuration.all)
    func `What is told of a closed connection that somebody else keeps open wakes nobody`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let (old, oldPeer) = try await RawPeer.connect()
            let reader = Tasklet.spawn("reader") { _ = try await old.read(1) }
            try await yieldUntil { !reader.isRunnable }
            let copy = dup(try #require(OpenSockets.descriptor(from: old.localPort, to: oldPeer.port)))
            try await reader.kill()
            old.close()
            let (stream, peer) = try await RawPeer.connect()
            let bytes = Box<[UInt8]>([])
            let next = Tasklet.spawn("next") { bytes.value = try await stream.read(1) }
            try await yieldUntil { !next.isRunnable }
            oldPeer.send([1])
            try await Tasklet.sleep(for: .milliseconds(2))
            let isWaiting = next.isAlive
            peer.send([2])
            try await next.join()
            Glibc.close(copy)
            stream.close()
            oldPeer.close()
            peer.close()
            return (isWaiting, bytes.value)
        }
        #expect(outcome.0)
        #expect(outcome.1 == [2])
    }
}
