// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets
import TestSupport
import Testing

/// Events that are no longer true when they are handled.
@Suite struct `Stale events` {
    /// Both were ready when the loop polled; the first to continue closes the other's connection, whose number is
    /// reused.
    @Test(arguments: Configuration.all)
    func `A new connection with the number of a ready one is not mistaken for it`(
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
            // It is not woken by the old connection's event.
            let early = await schedulerError { _ = try await stream.read(1, deadline: .now + .milliseconds(1)) }
            peer.send([3])
            let bytes = try await stream.read(1)
            for stream in [first, stream] { stream.close() }
            for peer in [firstPeer, secondPeer, peer] { peer.close() }
            return (log.text, early?.code, bytes)
        }
        // If it was not polled together with the first, the other tasklet finds it closed.
        #expect(["[2]", "read failed: Operation canceled"].contains(outcome.0))
        #expect(outcome.1 == .timedOut)
        #expect(outcome.2 == [3])
    }

    /// Like a descriptor that a child process inherits: closing it here does not end the kernel's events.
    @Test(arguments: Configuration.all)
    func `Events of a closed connection that another descriptor keeps open wake no tasklet`(
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
