// SPDX-License-Identifier: Apache-2.0

import ParameterValues
import Tasklets

extension Workloads {
    /// An echo server with its connections in straight-line tasklets, in tasklets that a reactor's callbacks feed through a
    /// channel, and in callbacks alone: the latency of a message.
    ///
    /// An open-loop load spreads over all connections: with ten thousand of them, the messages are as many.
    static let protocolInTasklet = Workload(
        name: "protocol-in-tasklet",
        summary:
            "An echo server written with tasklets, with protocols in tasklets, or with callbacks, under open-loop load.",
        parameters: [
            style,
            Parameter("connections", "connections, which take turns", default: 100, quick: 100, in: 1...20_000),
            Parameter("messages", "messages in a run", default: 2_000, quick: 2_000, in: 1...10_000_000),
            Parameter("rate", "messages per second", default: 10_000, quick: 10_000, in: 1...1_000_000),
            bytes,
        ],
        combinations: [100, 10_000].flatMap { connections in
            styles.map { $0.merging(["connections": connections]) { first, _ in first } }
        },
        operation: "message",
        metric: "latency",
        quantity: .waits(.latency),
        isServer: true,
        warmUp: ["messages": 200],
        operations: { $0["messages"] },
        expected: { $0["messages"] },
        run: { parameters, observer in
            let loop = RequestLoop(
                requests: parameters["messages"],
                clients: parameters["connections"],
                interval: .seconds(1) / parameters["rate"]
            )
            return try await StyledRun(parameters, loop, idle: 0).run(observer)
        }
    )

    /// The same server with connections on which nothing happens: the memory of each.
    static let protocolMemory = Workload(
        name: "protocol-memory",
        summary: "The memory of a connection of the same server, while nothing comes.",
        parameters: [
            style,
            Parameter("connections", "idle connections", default: 10_000, quick: 10_000, in: 1...20_000),
            bytes,
        ],
        combinations: styles,
        operation: "connection",
        metric: "memory-per-connection",
        quantity: .memory,
        isServer: true,
        operations: { $0["connections"] },
        expected: { _ in 1 },
        run: { parameters, observer in
            let loop = RequestLoop(requests: 1, clients: 1)
            return try await StyledRun(parameters, loop, idle: parameters["connections"]).occupy(observer)
        }
    )

    private static let style = Parameter("style", "how connections are written", default: ConnectionStyle.tasklets)
    private static let styles = ConnectionStyle.allCases.map { ["style": ParameterValue.word($0.rawValue)] }
    private static let bytes = Parameter("bytes", "bytes per message", default: 64, quick: 64, in: 1...1_000_000)
}

private struct StyledRun {
    private let style: ConnectionStyle
    private let bytes: Int
    private let loop: RequestLoop
    private let idle: Int

    init(_ parameters: Parameters, _ loop: RequestLoop, idle: Int) {
        style = parameters.choice("style")
        bytes = parameters["bytes"]
        self.loop = loop
        self.idle = idle
    }

    func run(_ observer: any Observer) async throws -> Int {
        try await withServer { server in
            let generator = try observer.load(load(server.port))
            try await server.waitUntilConnected()
            let answers = try await generator.measure(observer)
            observer.record(answers)
            return answers
        }
    }

    /// Measures the memory that connecting takes, and then has the clients end.
    func occupy(_ observer: any Observer) async throws -> Int {
        try await withServer { server in
            observer.mark(.begin)
            let generator = try observer.load(load(server.port))
            try await generator.waitUntilConnected()
            try await server.waitUntilConnected()
            // Every connection waits for its first message then.
            try await Tasklet.schedule()
            observer.mark(.occupied)
            let answers = try await generator.run()
            observer.mark(.end)
            return answers
        }
    }

    private func load(_ port: Int) -> LoadProgram { .echo(loop, bytes: bytes, idle: idle, port: port) }

    /// Returns how many answers were right.
    private func withServer(_ body: (StyledServer) async throws -> LoadResult) async throws -> Int {
        let server = try await StyledServer.start(style, connections: loop.clients + idle, bytes: bytes)
        return try await withCleanup(server.stop) {
            let answers = try await body(server)
            try await server.waitUntilDisconnected()
            return answers.right
        }
    }
}
