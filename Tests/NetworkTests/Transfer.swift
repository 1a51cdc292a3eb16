// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// Bytes that depend on their position, so that a shift is noticed.
enum Pattern {
    static func byte(at offset: Int) -> UInt8 { UInt8(truncatingIfNeeded: offset &* 167 &+ offset >> 8) }

    static func bytes(_ count: Int) -> [UInt8] { (0..<count).map(byte(at:)) }

    /// Fills a large buffer quickly, with a pattern whose length is prime.
    static func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        let pattern = bytes(8191)
        for start in stride(from: 0, to: buffer.count, by: pattern.count) {
            let part = min(pattern.count, buffer.count - start)
            UnsafeMutableRawBufferPointer(rebasing: buffer[start..<start + part]).copyBytes(from: pattern[..<part])
        }
    }
}

extension TCPStream {
    func write(_ bytes: [UInt8]) async throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        defer { buffer.deallocate() }
        buffer.copyBytes(from: bytes)
        try await write(UnsafeRawBufferPointer(buffer))
    }

    /// Reads to the end, at most that many bytes at a time.
    func readToEnd(by size: Int) async throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let part = try await read(size, deadline: nil)
            if part.isEmpty { return all }
            all += part
        }
    }
}

extension Connection {
    /// Sends the pattern to the server, which echoes what it has read; returns what arrives.
    func bounce(_ count: Int) async throws -> [UInt8] {
        let server = server
        let echo = Tasklet.spawn("echo") {
            while true {
                let part = try await server.read(1000, deadline: nil)
                if part.isEmpty { break }
                try await server.write(part)
            }
        }
        let client = client
        let writer = Tasklet.spawn("writer") { try await client.write(Pattern.bytes(count)) }
        let bytes = try await client.read(count)
        try await writer.join()
        client.close()
        try await echo.join()
        return bytes
    }
}
