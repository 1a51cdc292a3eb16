// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// Sends messages, and compares what comes back.
final class EchoClient: @unchecked Sendable {
    // SAFETY: one tasklet at a time uses it.
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

    /// So many clients, all connected.
    static func connect(_ count: Int, port: Int, bytes: Int) async throws -> [EchoClient] {
        var clients: [EchoClient] = []
        for _ in 0..<count {
            clients.append(EchoClient(try await TCPStream.connect(host: "127.0.0.1", port: port), bytes))
        }
        return clients
    }

    /// Sends a message that differs from the last, and waits until as much has come back; says whether it is the same.
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

/// Sends back what comes, until the other end closes.
func sendBack(_ stream: TCPStream, _ size: Int) async throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    defer { buffer.deallocate() }
    while true {
        let count = try await stream.read(into: buffer)
        if count == 0 { return stream.close() }
        try await stream.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
}
