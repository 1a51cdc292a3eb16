// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets
import TestSupport
import Testing

/// Memory that the kernel reads or writes while no system call is in progress.
@Suite struct `Memory lent to the kernel` {
    /// Duplicates of the server's descriptors keep the sockets open, so that what the peer sends still arrives.
    @Test(arguments: Configuration.rings, Ending.allCases)
    func `What arrives after a read has ended is written nowhere`(
        configuration: Configuration,
        ending: Ending
    ) async throws {
        let quarantine = Quarantine()
        let (peer, copy) = try await configuration.runWithRing(quarantine) {
            let (server, peer) = try await RawPeer.connect()
            let copy = dup(try #require(OpenSockets.descriptor(from: server.localPort, to: peer.port)))
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 1)
            let address = UInt(bitPattern: memory.baseAddress)
            let reader = Tasklet.spawn("reader") {
                let start = UnsafeMutableRawPointer(bitPattern: address)
                let memory = UnsafeMutableRawBufferPointer(start: start, count: 8)
                let deadline = ending.deadline
                _ = await schedulerError { _ = try await server.read(into: memory, deadline: deadline) }
            }
            try await yieldUntil { !reader.isRunnable }
            if ending == .close { server.close() }
            try await ending.end(reader)
            quarantine.take(memory)
            peer.send([1, 2, 3])
            for _ in 0..<200 { try await Tasklet.schedule() }
            server.close()
            peer.send([4, 5, 6])
            return (peer, copy)
        }
        // The run's ring is gone, with all its buffers.
        #expect(quarantine.count >= 256 * 8192)
        for _ in 0..<100 { peer.send([7, 8, 9]) }
        #expect(quarantine.isIntact)
        peer.close()
        Glibc.close(copy)
    }

    @Test(arguments: Configuration.rings, Ending.allCases)
    func `What a write has handed over is sent as it was, or not at all`(
        configuration: Configuration,
        ending: Ending
    ) async throws {
        let quarantine = Quarantine()
        let size = 16 << 20
        let bytes = try await configuration.runWithRing(quarantine) {
            let (server, peer) = try await RawPeer.connect()
            let writer = Tasklet.spawn("writer") {
                let deadline = ending.deadline
                _ = await schedulerError { try await server.write(chunk: size, deadline: deadline) }
            }
            try await peer.waitUntilNothingArrives()
            if ending == .close { server.close() }
            try await ending.end(writer)
            server.close()
            let bytes = try await peer.readToEnd()
            peer.close()
            return bytes
        }
        #expect(bytes.count >= 1 << 16)
        #expect(bytes.count < size)
        #expect(TCPStream.isChunk(bytes, bytes.count))
        #expect(quarantine.isIntact)
    }

    @Test(arguments: Configuration.rings, [Ending.kill, .close])
    func `Connecting and accepting can end at any time`(configuration: Configuration, ending: Ending) async throws {
        let quarantine = Quarantine()
        let log = try await configuration.runWithRing(quarantine) {
            let silent = try SilentListener()
            let (connected, _) = await silent.fillQueue()
            let log = Log()
            let connector = Tasklet.spawn("connector") {
                defer { log.add("not connected") }
                _ = try await TCPStream.connect(host: "127.0.0.1", port: silent.port)
            }
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let acceptor = Tasklet.spawn("acceptor") {
                let error = await schedulerError { _ = try await listener.accept() }
                log.add(error == nil ? "killed" : "closed")
            }
            try await yieldUntil { !connector.isRunnable && !acceptor.isRunnable }
            try await connector.kill()
            if ending == .kill { try await acceptor.kill() } else { listener.close() }
            try await acceptor.join()
            try await connector.join()
            silent.close()
            for stream in connected { stream.close() }
            listener.close()
            return log.all
        }
        #expect(log == ["not connected", ending == .kill ? "killed" : "closed"])
        #expect(quarantine.isIntact)
    }
}

extension RawPeer {
    /// Yields until no more arrives for many turns, although nothing is read: the kernel's buffers are full.
    fileprivate func waitUntilNothingArrives() async throws {
        var (before, turns) = (0, 0)
        while turns < 1_000 {
            try await Tasklet.schedule()
            var count: CInt = 0
            try #require(ioctl(descriptor, UInt(FIONREAD), &count) == 0)
            turns = Int(count) == before ? turns + 1 : 0
            before = Int(count)
        }
    }
}

/// What ends an operation that waits.
enum Ending: CaseIterable, Sendable {
    case kill, deadline, close

    /// The operation's deadline.
    var deadline: ContinuousClock.Instant? { self == .deadline ? .now + .milliseconds(1) : nil }

    /// Ends a tasklet's operation, unless something else does.
    func end(_ tasklet: Tasklet) async throws {
        if self == .kill { try await tasklet.kill() }
        try await tasklet.join()
    }
}
