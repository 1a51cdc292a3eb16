// SPDX-License-Identifier: Apache-2.0

internal import Callbacks
internal import Tasklets

/// A connection with a write that has to wait, because its peer does not read, and a read that does not.
extension DeadlockCase {
    static func pausedWrite(_ style: WaitStyle) async throws -> String {
        let reactor = try await Reactor.start()
        let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
        let mayReply = OneShot<Void>()
        let mayRead = OneShot<Void>()
        // A failure must not leave the peer waiting, which would keep the run from ending.
        defer {
            listener.close()
            mayReply.fulfill(())
            mayRead.fulfill(())
        }
        let peer = Waiter("peer") {
            let stream = try await listener.accept()
            listener.close()
            try await mayReply.value()
            try await reply(on: stream)
            try await mayRead.value()
            return try await drain(stream)
        }
        let stream = try await reactor.connect(host: "127.0.0.1", port: listener.port).value()
        defer { stream.close() }
        let written = try reactor.write([UInt8](repeating: 1, count: size), to: stream)
        let writer = Waiter("writer") { try await style.wait(for: written) }
        let replied = try reactor.read(stream)
        let reader = Waiter("reader") { try await style.wait(for: replied).count }
        try await untilBlocked("writer", "reader")
        mayReply.fulfill(())
        let count = try await reader.value()
        let isPaused = written.result == nil
        mayRead.fulfill(())
        try await writer.value()
        stream.close()
        let received = try await peer.value()
        return isPaused && received == size ? "\(count) bytes meanwhile" : "\(received) bytes have arrived"
    }

    /// More than the kernel keeps for both ends.
    private static var size: Int { 16 << 20 }

    private static func reply(on stream: TCPStream) async throws {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 5, alignment: 1)
        defer { bytes.deallocate() }
        bytes.initializeMemory(as: UInt8.self, repeating: 2)
        try await stream.write(UnsafeRawBufferPointer(bytes))
    }

    private static func drain(_ stream: TCPStream) async throws -> Int {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
        defer { buffer.deallocate() }
        var total = 0
        while case let count = try await stream.read(into: buffer), count > 0 { total += count }
        stream.close()
        return total
    }
}
