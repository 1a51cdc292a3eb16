// SPDX-License-Identifier: Apache-2.0

import Backends
import Foundation
import Glibc
import Tasklets
import Testing

@Suite("Idle connections", .tags(.slow))
struct IdleConnectionsTests {
    private let connections = 500

    /// The limit of the memory of an idle connection, in bytes.
    ///
    /// The goal for the release build is 4 KiB. A release build with testability inlines less, and its frames need
    /// another kibibyte; those of a debug build are larger still.
    private var limit: Int {
        #if DEBUG
            16_384
        #else
            5_120
        #endif
    }

    @Test("an idle connection takes little memory, and serves its next request")
    func memory() async throws {
        let server = try ServeProcess()
        let scheduler = try Backend.epoll.makeScheduler()
        let (port, identifier) = (server.port, server.identifier)
        let grown = try scheduler.run { [connections] in
            // The first connections allocate what all share.
            let first = try await (0..<20).asyncMap { _ in try await Connection(to: port) }
            let before = try anonymousMemory(of: identifier)
            let others = try await (0..<connections).asyncMap { _ in try await Connection(to: port) }
            let after = try anonymousMemory(of: identifier)
            for connection in first + others {
                try await connection.get()
                connection.close()
            }
            return after - before
        }
        #expect(grown / connections < limit, "\(grown / connections) bytes each")
    }
}

/// An idle connection that has received a page.
private struct Connection {
    private let stream: TCPStream
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 1)

    init(to port: Int) async throws {
        stream = try await TCPStream.connect(host: "127.0.0.1", port: port)
        try await get()
    }

    func get() async throws {
        let request = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        buffer.copyBytes(from: request)
        try await stream.write(UnsafeRawBufferPointer(rebasing: buffer[..<request.count]))
        let count = try await stream.read(into: buffer)
        #expect(String(decoding: buffer[..<count], as: UTF8.self).hasSuffix("Hello, world!\n"))
    }

    func close() {
        stream.close()
        buffer.deallocate()
    }
}

extension Sequence {
    fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
        var results: [T] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}

/// The anonymous memory of a process, in bytes.
private func anonymousMemory(of process: Int32) throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(process)/smaps_rollup", encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("Anonymous:") })
    let kibibytes = try #require(line.split(separator: " ").compactMap { Int($0) }.first)
    return kibibytes << 10
}
