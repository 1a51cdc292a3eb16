// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets
import TestSupport
import Testing

/// What a server needs of its connections besides.
@Suite struct `Connections of a server` {
    @Test(arguments: Configuration.all)
    func `An interruption ends the read that waits, and the connection goes on`(
        configuration: Configuration
    ) async throws {
        let results = try await configuration.run {
            let (server, peer) = try await RawPeer.connect()
            let first = Box("")
            let reader = Tasklet.spawn("reader") { first.value = try await server.nextUnlessInterrupted }
            try await yieldUntil { !reader.isRunnable }
            server.interruptReading()
            try await reader.join()
            peer.send([1])
            let second = try await server.nextUnlessInterrupted
            server.close()
            peer.close()
            return [first.value, second]
        }
        #expect(results == ["interrupted", "1"])
    }

    @Test(arguments: Configuration.all)
    func `An interruption that comes first ends the next wait, once`(configuration: Configuration) async throws {
        let results = try await configuration.run {
            let (server, peer) = try await RawPeer.connect()
            server.interruptReading()
            server.interruptReading()
            let first = try await server.nextUnlessInterrupted
            let second = Box("")
            let reader = Tasklet.spawn("reader") { second.value = try await server.nextUnlessInterrupted }
            try await yieldUntil { !reader.isRunnable }
            peer.send([1])
            try await reader.join()
            server.close()
            peer.close()
            return [first, second.value]
        }
        #expect(results == ["interrupted", "1"])
    }

    @Test(arguments: Configuration.all)
    func `A write says at the deadline how far it has come, and goes on from there`(
        configuration: Configuration
    ) async throws {
        let size = 16 << 20
        let (steps, isRight) = try await configuration.run {
            let (server, peer) = try await RawPeer.connect()
            let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
            defer { bytes.deallocate() }
            Pattern.fill(bytes)
            var rest = UnsafeRawBufferPointer(bytes)
            var steps = 0
            var received: [UInt8] = []
            while true {
                let progress = try await server.write(rest, until: .now + .milliseconds(1))
                steps += 1
                if progress.isComplete { break }
                rest = UnsafeRawBufferPointer(rebasing: rest[progress.written...])
                received += peer.receive(1 << 20)
            }
            server.finishWriting()
            while received.count < size {
                received += peer.receive(1 << 20)
                try await Tasklet.schedule()
            }
            let isRight = received.count == size && memcmp(received, bytes.baseAddress!, size) == 0
            server.close()
            peer.close()
            return (steps, isRight)
        }
        #expect(steps > 1)
        #expect(isRight)
    }

    /// The kernel reports room when a third of its buffer is free, about a megabyte, which the reader takes in 8 steps.
    @Test(arguments: Configuration.all)
    func `A write says at the deadline that a slow reader has taken something`(
        configuration: Configuration
    ) async throws {
        let moved = try await configuration.run {
            let (server, peer) = try await RawPeer.connect()
            let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 20, alignment: 1)
            defer { bytes.deallocate() }
            bytes.initializeMemory(as: UInt8.self, repeating: 7)
            var rest = UnsafeRawBufferPointer(bytes)
            var moved: [Int] = []
            for _ in 0..<40 {
                let progress = try await server.write(rest, until: .now + .milliseconds(20))
                rest = UnsafeRawBufferPointer(rebasing: rest[progress.written...])
                moved.append(max(progress.written, progress.acknowledged))
                _ = peer.receive(128 << 10)
            }
            server.close()
            peer.close()
            return moved
        }
        // Where the kernel itself says that nothing has moved, that lasts for two steps.
        let stalls = moved.split { $0 > 0 }.map(\.count)
        #expect(stalls.allSatisfy { $0 < 6 }, "\(moved)")
    }

    @Test(arguments: Configuration.all)
    func `A write at once writes what there is room for`(configuration: Configuration) async throws {
        let size = 64 << 20
        let (first, written, received) = try await configuration.run {
            let (server, peer) = try await RawPeer.connect()
            let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
            defer { bytes.deallocate() }
            bytes.initializeMemory(as: UInt8.self, repeating: 7)
            let first = try server.writeAtOnce(UnsafeRawBufferPointer(rebasing: bytes[..<5]))
            let written = try server.writeAtOnce(UnsafeRawBufferPointer(bytes))
            var received = 0
            while received < 5 {
                received += peer.receive(5 - received).count
                try await Tasklet.schedule()
            }
            server.close()
            peer.close()
            return (first, written, received)
        }
        #expect(first == 5)
        #expect(written < size)
        #expect(received == 5)
    }

    @Test(arguments: Configuration.all)
    func `The address of the other end is known`(configuration: Configuration) async throws {
        let address = try await configuration.run {
            let (server, peer) = try await RawPeer.connect()
            defer {
                server.close()
                peer.close()
            }
            return server.remoteAddress
        }
        let bytes = try #require(address).bytes
        #expect(bytes.count == MemoryLayout<sockaddr_in>.size)
        #expect(bytes[4..<8].elementsEqual([127, 0, 0, 1]))
    }
}

extension TCPStream {
    /// How many bytes a read returns, or that it was interrupted.
    fileprivate var nextUnlessInterrupted: String {
        get async throws {
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 1)
            defer { buffer.deallocate() }
            let count = try await readUnlessInterrupted(into: buffer, deadline: .now + .seconds(60))
            return count.map { "\($0)" } ?? "interrupted"
        }
    }
}
