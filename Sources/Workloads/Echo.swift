// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// Loopback connections, each with a client and a server tasklet: the cost of a message over a socket.
    static let echo = Workload(
        name: "echo",
        summary: "Clients and servers exchange messages over TCP connections.",
        parameters: EchoRun.parameters,
        operation: "round trip",
        metric: "round-trip",
        operations: { $0["connections"] * $0["messages"] },
        expected: { $0["connections"] * $0["messages"] * $0["bytes"] },
        run: { parameters, observer in try await EchoRun(parameters).run(observer) }
    )
}

/// A run of a workload that exchanges messages, beside connections that stay idle.
struct EchoRun {
    static let parameters = [
        Parameter("connections", "concurrent connections", default: 64, quick: 16, in: 1...10_000),
        Parameter("bytes", "bytes per message", default: 64, quick: 64, in: 1...1_000_000),
        Parameter("messages", "messages per connection", default: 100, quick: 50, in: 1...100_000_000),
    ]

    private let connections: Int
    private let bytes: Int
    private let messages: Int
    private let idle: Int
    private let echoed = AtomicSum()
    private let gate = Gate()

    init(_ parameters: Parameters, idle: Int = 0) {
        connections = parameters["connections"]
        bytes = parameters["bytes"]
        messages = parameters["messages"]
        self.idle = idle
    }

    func run(_ observer: any Observer) async throws -> Int {
        let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
        var clients: [Tasklet] = []
        var idlers: [(client: TCPStream, server: Tasklet)] = []
        // Killing a finished client has no effect; a server ends when its client's connection closes.
        return try await withCleanup({
            for client in clients { try await client.kill() }
            for idler in idlers { idler.client.close() }
            for idler in idlers { try await idler.server.join() }
        }) {
            for _ in 0..<idle { idlers.append(try await connect(to: listener)) }
            for _ in 0..<connections { clients.append(spawnClient(try await connect(to: listener).client)) }
            try await gate.waitForArrivals(clients.count)
            observer.mark(.begin)
            try await gate.open(for: clients.count)
            for client in clients { try await client.join() }
            observer.mark(.end)
            listener.close()
            return echoed.sum
        }
    }

    /// Opens a connection and spawns its server.
    private func connect(to listener: TCPListener) async throws -> (client: TCPStream, server: Tasklet) {
        let client = try await TCPStream.connect(host: "127.0.0.1", port: listener.port)
        let server = try await listener.accept()
        return (client, Tasklet.spawn("server") { [bytes] in try await sendBack(server, bytes) })
    }

    /// Spawns a client, which waits at the gate.
    private func spawnClient(_ stream: TCPStream) -> Tasklet {
        let client = EchoClient(stream, bytes)
        return Tasklet.spawn("client") { [self] in
            try await gate.wait()
            for _ in 0..<messages where try await client.exchange() { echoed.add(bytes) }
            stream.close()
        }
    }
}
