// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Tasklets

/// A server with a tasklet for each connection, which echoes what it receives until the client closes.
struct EchoServer {
    private let listener: TCPListener
    private let connections: Connections
    /// Ends when all clients have connected.
    private let acceptor: Tasklet

    /// Starts a server for a number of connections; it listens when this returns.
    ///
    /// - Parameter bytes: the size of a message.
    static func start(connections: Int, bytes: Int) async throws -> EchoServer {
        let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
        let accepted = Connections()
        let acceptor = Tasklet.spawn("acceptor") {
            for _ in 0..<connections { accepted.serve(try await listener.accept(), bytes) }
        }
        return EchoServer(listener: listener, connections: accepted, acceptor: acceptor)
    }

    var port: Int { listener.port }

    /// Waits until it has accepted all connections.
    func waitUntilConnected() async throws { try await acceptor.join() }

    /// Waits until the clients have closed their connections.
    func waitUntilDisconnected() async throws {
        for tasklet in connections.tasklets { try await tasklet.join() }
    }

    /// Stops accepting, and closes the connections that are left.
    func stop() async throws {
        try await acceptor.kill()
        listener.close()
        for tasklet in connections.tasklets { try await tasklet.kill() }
    }
}

/// The tasklets of a server's connections.
private final class Connections: Sendable {
    private let all = Mutex<[Tasklet]>([])

    var tasklets: [Tasklet] { all.withLock(\.self) }

    func serve(_ stream: TCPStream, _ bytes: Int) {
        let tasklet = Tasklet.spawn("server") { try await sendBack(stream, bytes) }
        all.withLock { $0.append(tasklet) }
    }
}

/// Echoes everything it receives, until the peer closes.
func sendBack(_ stream: TCPStream, _ size: Int) async throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    defer {
        stream.close()
        buffer.deallocate()
    }
    do {
        while true {
            let count = try await stream.read(into: buffer)
            if count == 0 { return }
            try await stream.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    } catch is SchedulerError {
        // The client is gone. The load generator says why, or else that a reply is missing.
    }
}
