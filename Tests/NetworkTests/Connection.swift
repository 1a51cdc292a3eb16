// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets

/// Both ends of a connection over the loopback interface, and the listener that it was made with.
struct Connection {
    var listener: TCPListener
    var client: TCPStream
    var server: TCPStream

    static func open() async throws -> Connection {
        let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
        let client = try await TCPStream.connect(host: "127.0.0.1", port: listener.port)
        return Connection(listener: listener, client: client, server: try await listener.accept())
    }

    /// Closes the server's end before the client's, so that where several tasklets run at once the server does not see
    /// the client's end first.
    func close() {
        listener.close()
        server.close()
        client.close()
    }
}

extension TCPStream {
    /// Writes that many bytes, each given by ``byte(at:)``.
    func write(chunk count: Int, deadline: ContinuousClock.Instant? = nil) async throws {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { bytes.deallocate() }
        for start in stride(from: 0, to: count, by: Self.block) {
            UnsafeMutableRawBufferPointer(rebasing: bytes[start..<min(start + Self.block, count)])
                .initializeMemory(as: UInt8.self, repeating: Self.byte(at: start))
        }
        try await write(UnsafeRawBufferPointer(bytes), deadline: deadline)
    }

    private static let block = 1 << 12

    static func byte(at offset: Int) -> UInt8 { UInt8(offset / block % 251) }

    /// Whether these are the bytes that ``write(chunk:deadline:)`` writes.
    static func isChunk(_ bytes: [UInt8], _ count: Int) -> Bool {
        guard bytes.count == count else { return false }
        return stride(from: 0, to: count, by: block).allSatisfy { start in
            let expected = [UInt8](repeating: byte(at: start), count: min(block, count - start))
            return bytes.withUnsafeBufferPointer { bytes in
                bytes.baseAddress.map { memcmp($0 + start, expected, expected.count) } == 0
            }
        }
    }

    /// Reads once, at most that many bytes.
    func read(_ count: Int, deadline: ContinuousClock.Instant?) async throws -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { buffer.deallocate() }
        return Array(buffer.prefix(try await read(into: buffer, deadline: deadline)))
    }
}
