// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// An echo server under a closed-loop load: the cost of a message over a socket.
    static let echo = Workload(
        name: "echo",
        summary: "A TCP echo server under closed-loop load from another process, on another core if there is one.",
        parameters: EchoRun.parameters,
        operation: "round trip",
        metric: "round-trip",
        isServer: true,
        serverLoad: { EchoRun($0).load },
        operations: { $0["connections"] * $0["messages"] },
        expected: { $0["connections"] * $0["messages"] },
        run: { parameters, observer in try await EchoRun(parameters).run(observer) }
    )
}

/// A run of a workload that echoes messages, beside connections that stay idle.
struct EchoRun {
    static let parameters = [
        Parameter("connections", "concurrent connections", default: 64, quick: 16, in: 1...10_000),
        Parameter("bytes", "bytes per message", default: 64, quick: 64, in: 1...1_000_000),
        Parameter("messages", "messages per connection", default: 100, quick: 50, in: 1...100_000_000),
    ]

    private let loop: RequestLoop
    private let bytes: Int
    private let idle: Int

    init(_ parameters: Parameters, idle: Int = 0) {
        let connections = parameters["connections"]
        loop = RequestLoop(requests: connections * parameters["messages"], clients: connections)
        bytes = parameters["bytes"]
        self.idle = idle
    }

    /// The clients.
    var load: ServerLoad {
        ServerLoad { [loop, bytes, idle] port in .echo(loop, bytes: bytes, idle: idle, port: port) }
    }

    func run(_ observer: any Observer) async throws -> Int {
        let server = try await EchoServer.start(connections: loop.clients + idle, bytes: bytes)
        let answers = try await withCleanup(server.stop) {
            let generator = try observer.load(load.program(server.port))
            try await generator.waitUntilConnected()
            try await server.waitUntilConnected()
            let answers = try await generator.measure(observer)
            try await server.waitUntilDisconnected()
            return answers
        }
        observer.record(answers)
        return answers.right
    }
}
