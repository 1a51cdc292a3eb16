// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// Tasklets in a circle pass a token; each hop wakes the tasklet that has waited longest.
    ///
    /// The answer combines the number of hops with the last holder of the token.
    static let ring = Workload(
        name: "ring",
        summary: "Tasklets in a circle pass a token.",
        parameters: [
            Parameter("nodes", "tasklets in the circle", default: 100, quick: 100, in: 2...1_000_000),
            Parameter("hops", "hops of the token", default: 20_000, quick: 10_000, in: 1...1_000_000_000),
        ],
        operation: "hop",
        metric: "hop",
        operations: { $0["hops"] },
        expected: { $0["hops"] * $0["nodes"] + $0["hops"] % $0["nodes"] },
        run: { parameters, observer in
            let circle = Circle(nodes: parameters["nodes"])
            let tasklets = circle.spawnAll()
            try await circle.waitUntilParked()
            observer.mark(.begin)
            try await circle.links[0].send(parameters["hops"])
            let lastHolder = try await circle.finish.receive()
            observer.mark(.end)
            for link in circle.links { try await link.send(Circle.stop) }
            for tasklet in tasklets { try await tasklet.join() }
            return circle.hops.sum * parameters["nodes"] + lastHolder
        }
    )
}

private struct Circle: Sendable {
    /// The token that stops a node.
    static let stop = -1

    /// Node `n` receives on link `n` and sends on link `n + 1`.
    let links: [Channel<Int>]
    /// Where the last holder of the token reports its number.
    let finish = Channel<Int>("finish")
    /// The hops of all nodes; each adds its own when it stops.
    let hops = AtomicSum()

    init(nodes: Int) { links = (0..<nodes).map { _ in Channel<Int>("link") } }

    func spawnAll() -> [Tasklet] {
        links.indices.map { node in Tasklet.spawn("node") { try await pass(as: node) } }
    }

    func waitUntilParked() async throws {
        for link in links { try await link.waitForReceivers(1) }
    }

    /// A node: decrements the token and passes it on, until it receives the stop token.
    private func pass(as node: Int) async throws {
        let incoming = links[node]
        let outgoing = links[(node + 1) % links.count]
        var made = 0
        while true {
            let remaining = try await incoming.receive()
            guard remaining >= 0 else { break }
            if remaining == 0 {
                try await finish.send(node)
            } else {
                made &+= 1
                try await outgoing.send(remaining &- 1)
            }
        }
        hops.add(made)
    }
}
