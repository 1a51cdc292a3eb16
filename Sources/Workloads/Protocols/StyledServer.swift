// SPDX-License-Identifier: Apache-2.0

import Callbacks
import Tasklets

/// An echo server whose connections are written in one of the styles.
struct StyledServer {
    private let listener: TCPListener
    private let acceptor: Tasklet
    private let reactor: Reactor?
    private let open: OpenConnections

    /// Starts a server for a number of connections; it listens when this returns.
    ///
    /// - Parameter bytes: the size of a message.
    /// - Throws: ``WorkloadUnsupported`` where the scheduler lacks the reactor that the style needs.
    static func start(_ style: ConnectionStyle, connections: Int, bytes: Int) async throws -> StyledServer {
        let reactor = style == .tasklets ? nil : try await startReactor()
        let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
        let open = OpenConnections(connections)
        let acceptor = Tasklet.spawn("acceptor") {
            for _ in 0..<connections {
                try serve(try await listener.accept(), bytes, style, reactor, open)
            }
        }
        return StyledServer(listener: listener, acceptor: acceptor, reactor: reactor, open: open)
    }

    private static func startReactor() async throws -> Reactor {
        do { return try await Reactor.start() } catch let error as SchedulerError where error.code == .unsupported {
            throw WorkloadUnsupported(reason: "the style needs a reactor: \(error)")
        }
    }

    private static func serve(
        _ stream: TCPStream,
        _ bytes: Int,
        _ style: ConnectionStyle,
        _ reactor: Reactor?,
        _ open: OpenConnections
    ) throws {
        switch (style, reactor) {
        case (.callbacks, let reactor?): try CallbackEcho(reactor, stream, bytes, open).begin()
        case (.protocols, let reactor?):
            let transport = try Transport(reactor, stream, chunkSize: bytes)
            Tasklet.spawn("server") {
                try? await echo(transport)
                open.close()
            }
        default:
            Tasklet.spawn("server") {
                try await sendBack(stream, bytes)
                open.close()
            }
        }
    }

    var port: Int { listener.port }

    /// Waits until it has accepted all connections.
    func waitUntilConnected() async throws { try await acceptor.join() }

    /// Waits until the clients have closed their connections.
    func waitUntilDisconnected() async throws { try await open.allClosed.value() }

    /// Stops accepting, and the reactor; the clients close the connections.
    func stop() async throws {
        try await acceptor.kill()
        listener.close()
        reactor?.stop()
    }
}

/// How many connections are still open.
final class OpenConnections: Sendable {
    private let count: Guarded<Int>
    let allClosed = OneShot<Void>()

    init(_ count: Int) { self.count = Guarded(count) }

    func close() {
        let left = count.withLock { count in
            count -= 1
            return count
        }
        if left == 0 { allClosed.fulfill(()) }
    }
}

/// The style `protocols`: what a tasklet does with a transport.
private func echo(_ transport: Transport) async throws {
    defer { transport.close() }
    while true {
        let bytes = try await transport.receive()
        if bytes.isEmpty { return }
        try await transport.write(bytes)
    }
}

/// The style `callbacks`: each begins the next operation, which keeps the object alive.
private final class CallbackEcho: Sendable {
    private let reactor: Reactor
    private let stream: TCPStream
    private let size: Int
    private let open: OpenConnections

    init(_ reactor: Reactor, _ stream: TCPStream, _ size: Int, _ open: OpenConnections) {
        self.reactor = reactor
        self.stream = stream
        self.size = size
        self.open = open
    }

    func begin() throws { try reactor.read(stream, atMost: size) { [self] in received($0) } }

    private func received(_ result: Result<[UInt8], any Error>) {
        guard let bytes = try? result.get(), !bytes.isEmpty else { return end() }
        do { try reactor.write(bytes, to: stream) { [self] in wrote($0) } } catch { end() }
    }

    private func wrote(_ result: Result<Void, any Error>) {
        do {
            try result.get()
            try begin()
        } catch { end() }
    }

    private func end() {
        stream.close()
        open.close()
    }
}
