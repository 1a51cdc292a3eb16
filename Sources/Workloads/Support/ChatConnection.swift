// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// A message in a chat room, as it is on the wire.
struct ChatMessage: Sendable, BitwiseCopyable {
    /// The client that sent it, counted from zero.
    let sender: UInt32
    /// How many messages the client sent before.
    let round: UInt32
    /// When it was sent, in nanoseconds from the start of the run.
    let sent: UInt64
}

/// A connection that carries messages; one tasklet may receive while another sends.
final class ChatConnection: @unchecked Sendable {
    // SAFETY: the buffers belong to this object until deinit. Only the tasklet that receives uses `incoming`, `start`
    // and `end`, and only the one that sends uses `outgoing`.
    private let stream: TCPStream
    private let outgoing = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    /// Room for several messages, so that a client which falls behind catches up with fewer reads.
    private let incoming = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * size, alignment: 16)
    /// What has been read but not been received yet.
    private var start = 0
    private var end = 0
    private static let size = MemoryLayout<ChatMessage>.size

    init(_ stream: TCPStream) { self.stream = stream }

    deinit {
        outgoing.deallocate()
        incoming.deallocate()
    }

    /// Creates connections to a server.
    static func connect(_ count: Int, port: Int) async throws -> [ChatConnection] {
        var connections: [ChatConnection] = []
        for _ in 0..<count {
            connections.append(ChatConnection(try await TCPStream.connect(host: "127.0.0.1", port: port)))
        }
        return connections
    }

    /// Sends a message.
    func send(_ message: ChatMessage) async throws {
        outgoing.storeBytes(of: message, as: ChatMessage.self)
        try await stream.write(UnsafeRawBufferPointer(outgoing))
    }

    /// Receives the next message; nil at the end of the stream.
    func receive() async throws -> ChatMessage? {
        while end - start < Self.size {
            let count = try await readMore()
            if count == 0 { return nil }
        }
        defer { start += Self.size }
        return incoming.load(fromByteOffset: start, as: ChatMessage.self)
    }

    /// Reads what has arrived behind the part of a message that may be left.
    private func readMore() async throws -> Int {
        incoming.copyMemory(from: UnsafeRawBufferPointer(rebasing: incoming[start..<end]))
        end -= start
        start = 0
        let count = try await stream.read(into: UnsafeMutableRawBufferPointer(rebasing: incoming[end...]))
        end += count
        return count
    }

    /// Closes the connection; may be called again.
    func close() { stream.close() }
}
