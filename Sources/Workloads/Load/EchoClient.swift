// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// Sends messages and compares the echoes.
final class EchoClient: @unchecked Sendable {
    // SAFETY: only one tasklet at a time uses a client. The buffers belong to it until deinit.
    private let stream: TCPStream
    private let message: UnsafeMutableRawBufferPointer
    private let answer: UnsafeMutableRawBufferPointer
    private var number: UInt8 = 0

    init(_ stream: TCPStream, _ size: Int) {
        self.stream = stream
        message = .allocate(byteCount: size, alignment: 16)
        answer = .allocate(byteCount: size, alignment: 16)
    }

    deinit {
        message.deallocate()
        answer.deallocate()
    }

    /// Creates connected clients.
    static func connect(_ count: Int, port: Int, bytes: Int) async throws -> [EchoClient] {
        var clients: [EchoClient] = []
        for _ in 0..<count {
            clients.append(EchoClient(try await TCPStream.connect(host: "127.0.0.1", port: port), bytes))
        }
        return clients
    }

    /// Sends a message that differs from the previous one and receives its echo; returns whether the two are equal.
    func exchange() async throws -> Bool {
        number &+= 1
        message.initializeMemory(as: UInt8.self, repeating: number)
        try await stream.write(UnsafeRawBufferPointer(message))
        var got = 0
        while got < answer.count {
            let count = try await stream.read(into: UnsafeMutableRawBufferPointer(rebasing: answer[got...]))
            if count == 0 { return false }
            got += count
        }
        return answer.elementsEqual(message)
    }
}
