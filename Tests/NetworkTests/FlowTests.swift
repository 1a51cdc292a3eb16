// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// How many bytes are in flight, and in which order.
@Suite struct `The flow of bytes` {
    @Test(arguments: Configuration.all)
    func `Data larger than all buffers waits for its reader, and arrives complete`(
        configuration: Configuration
    ) async throws {
        let count = 16 << 20
        let (arrived, isRight) = try await configuration.run {
            let connection = try await Connection.open()
            let writer = Tasklet.spawn("writer") {
                try await connection.client.write(chunk: count)
                connection.client.close()
            }
            try await yieldUntil { !writer.isRunnable }
            var arrived = 0
            var isRight = true
            while true {
                let part = try await connection.server.read(1 << 18, deadline: nil)
                if part.isEmpty { break }
                isRight = isRight && part.first == TCPStream.byte(at: arrived)
                arrived += part.count
                isRight = isRight && part.last == TCPStream.byte(at: arrived - 1)
            }
            try await writer.join()
            connection.close()
            return (arrived, isRight)
        }
        #expect(arrived == count)
        #expect(isRight)
    }

    @Test(arguments: Configuration.all)
    func `Data written before the end is read before it, and the end more than once`(
        configuration: Configuration
    ) async throws {
        let parts = try await configuration.run {
            let connection = try await Connection.open()
            try await connection.client.write("last words")
            connection.client.close()
            var parts: [String] = []
            for _ in 0..<3 { parts.append(String(decoding: try await connection.server.read(10), as: UTF8.self)) }
            connection.close()
            return parts
        }
        #expect(parts == ["last words", "", ""])
    }

    @Test(arguments: Configuration.all)
    func `Writing to an end that is closed fails sooner or later`(configuration: Configuration) async throws {
        let error = try await configuration.run {
            let connection = try await Connection.open()
            connection.client.close()
            return await schedulerError { while true { try await connection.server.write("anybody?") } }
        }
        #expect(error?.code == .system)
    }

    @Test(arguments: Configuration.ordered)
    func `Several writers take turns, each with all of its bytes`(configuration: Configuration) async throws {
        let size = 4 << 20
        let runs = try await configuration.run {
            let connection = try await Connection.open()
            for letter in [UInt8(ascii: "a"), UInt8(ascii: "b"), UInt8(ascii: "c")] {
                Tasklet.spawn("writer") {
                    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
                    defer { bytes.deallocate() }
                    bytes.initializeMemory(as: UInt8.self, repeating: letter)
                    try await connection.client.write(UnsafeRawBufferPointer(bytes))
                }
            }
            var runs: [(UInt8, Int)] = []
            var left = 3 * size
            while left > 0 {
                let part = try await connection.server.read(1 << 18, deadline: nil)
                left -= part.count
                Self.add(part[...], to: &runs)
            }
            connection.close()
            return runs.map { "\(Character(UnicodeScalar($0.0))) \($0.1)" }
        }
        #expect(runs == ["a \(size)", "b \(size)", "c \(size)"])
    }

    /// Adds received bytes, as runs of equal ones.
    private static func add(_ bytes: ArraySlice<UInt8>, to runs: inout [(UInt8, Int)]) {
        var rest = bytes
        while let first = rest.first {
            let end = rest.firstIndex { $0 != first } ?? rest.endIndex
            if runs.last?.0 != first { runs.append((first, 0)) }
            runs[runs.count - 1].1 += end - rest.startIndex
            rest = rest[end...]
        }
    }

    @Test(arguments: Configuration.all)
    func `A message is noticed among tasklets that never stop`(configuration: Configuration) async throws {
        let isNoticed = try await configuration.run {
            let connection = try await Connection.open()
            let isNoticed = Box(false)
            Tasklet.spawn("reader") { isNoticed.value = try await connection.server.read(1) == [120] }
            let busy = (0..<3).map { _ in Tasklet.spawn { while !isNoticed.value { try await Tasklet.schedule() } } }
            try await connection.client.write("x")
            // If the socket were forgotten, this would never end.
            for tasklet in busy { try await tasklet.join() }
            connection.close()
            return isNoticed.value
        }
        #expect(isNoticed)
    }

    @Test(arguments: Configuration.all)
    func `A message is noticed among tasklets that hand over to each other`(configuration: Configuration) async throws {
        let isNoticed = try await configuration.run {
            let connection = try await Connection.open()
            let isNoticed = Box(false)
            Tasklet.spawn("reader") { isNoticed.value = try await connection.server.read(1) == [120] }
            let channel = Channel<Bool>()
            Tasklet.spawn("sender") {
                repeat { try await channel.send(true) } while !isNoticed.value
                try await channel.send(false)
            }
            try await connection.client.write("x")
            while try await channel.receive() {}
            connection.close()
            return isNoticed.value
        }
        #expect(isNoticed)
    }
}
