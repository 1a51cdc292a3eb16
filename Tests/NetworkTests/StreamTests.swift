// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// TCP connections over the loopback interface.
@Suite struct `TCP streams` {
    @Test(arguments: Configuration.all)
    func `What one end writes the other end reads`(configuration: Configuration) async throws {
        let received = try await configuration.run {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let received = Box<[UInt8]>([])
            let server = Tasklet.spawn("server") {
                let stream = try await listener.accept()
                received.value = try await stream.readToEnd()
                try await stream.write("thanks")
                stream.close()
            }
            let stream = try await TCPStream.connect(host: "127.0.0.1", port: listener.port, deadline: nil)
            try await stream.write("hello")
            try await stream.write(", world")
            stream.close()
            try await server.join()
            return String(decoding: received.value, as: UTF8.self)
        }
        #expect(received == "hello, world")
    }

    @Test(arguments: Configuration.all)
    func `A hundred connections echo a hundred messages each at the same time`(
        configuration: Configuration
    ) async throws {
        let total = try await configuration.run {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let acceptor = Tasklet.spawn("acceptor") {
                for _ in 0..<100 {
                    let stream = try await listener.accept()
                    Tasklet.spawn("server") { try await stream.echo() }
                }
            }
            let count = Counter()
            let clients = (0..<100).map { number in
                Tasklet.spawn("client") {
                    let stream = try await TCPStream.connect(host: "127.0.0.1", port: listener.port, deadline: nil)
                    for round in 0..<100 {
                        let message = "\(number).\(round)"
                        try await stream.write(message)
                        if try await stream.read(message.utf8.count) == Array(message.utf8) { count.add() }
                    }
                    stream.close()
                }
            }
            for client in clients { try await client.join() }
            try await acceptor.join()
            return count.value
        }
        #expect(total == 10_000)
    }
}

extension TCPStream {
    func write(_ text: String) async throws {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
        defer { bytes.deallocate() }
        bytes.copyBytes(from: text.utf8)
        try await write(UnsafeRawBufferPointer(bytes))
    }

    func read(_ count: Int) async throws -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { buffer.deallocate() }
        var got = 0
        while got < count {
            let read = try await read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[got...]))
            if read == 0 { break }
            got += read
        }
        return Array(buffer[..<got])
    }

    func readToEnd() async throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let part = try await read(1)
            if part.isEmpty { return all }
            all += part
        }
    }

    func echo() async throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1024, alignment: 1)
        defer { buffer.deallocate() }
        while true {
            let count = try await read(into: buffer)
            if count == 0 { return close() }
            try await write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
