// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// ``echo`` beside connections on which nothing happens, each with a server tasklet that waits for a message: what
    /// these cost the others.
    static let echoIdle = Workload(
        name: "echo-idle",
        summary: "The same messages as echo, beside connections that stay idle.",
        parameters: EchoRun.parameters + [
            Parameter("idle", "idle connections", default: 1_000, quick: 100, in: 1...20_000)
        ],
        operation: "round trip",
        metric: "round-trip",
        isServer: true,
        operations: { $0["connections"] * $0["messages"] },
        expected: { $0["connections"] * $0["messages"] },
        run: { parameters, observer in try await EchoRun(parameters, idle: parameters["idle"]).run(observer) }
    )
}
