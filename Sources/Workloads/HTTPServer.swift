// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets

extension Workloads {
    /// A server for a small page under a closed-loop load: each client requests the page again after the reply.
    static let httpServer = Workload(
        name: "http-server",
        summary: "An HTTP server under closed-loop load from another process, on another core if there is one.",
        parameters: [
            Parameter("connections", "concurrent connections", default: 32, quick: 16, in: 1...10_000),
            Parameter(
                "requests",
                "requests of all connections together",
                default: 2_000,
                quick: 500,
                in: 1...100_000_000
            ),
        ],
        operation: "request",
        metric: "request",
        isServer: true,
        serverLoad: { load($0) },
        operations: { $0["requests"] },
        expected: { $0["requests"] },
        run: { parameters, observer in
            let server = try await RunningServer.start { try await $0.respond(.ok, PageClient.page) }
            let answers = try await withCleanup(server.stop) {
                try await observer.load(load(parameters).program(server.port)).measure(observer)
            }
            observer.record(answers)
            return answers.right
        }
    )

    private static func load(_ parameters: Parameters) -> ServerLoad {
        let loop = RequestLoop(requests: parameters["requests"], clients: parameters["connections"])
        return ServerLoad { .page(loop, port: $0) }
    }
}
