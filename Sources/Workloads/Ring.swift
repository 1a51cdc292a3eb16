// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// Tasklets in a circle pass one token on; each hop wakes the tasklet that has waited longest.
    ///
    /// The answer holds both how many hops were made and who held the token last.
    static let ring = Workload(
        name: "ring",
        summary: "Tasklets in a circle that hand one token on.",
        parameters: [
            Parameter("nodes", "tasklets in the circle", default: 100, quick: 100, in: 2...1_000_000),
            Parameter("hops", "times the token is handed on", default: 20_000, quick: 10_000, in: 1...1_000_000_000),
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
    /// The token that ends a node.
    static let stop = -1

    /// Node `n` receives on link `n` and sends on link `n + 1`.
    let links: [Channel<Int>]
    /// Where the node that the token stops at reports its number.
    let finish = Channel<Int>("finish")
    /// The hops that all nodes have made; each adds its own when it ends.
    let hops = Tally()

    init(nodes: Int) { links = (0..<nodes).map { _ in Channel<Int>("link") } }

    func spawnAll() -> [Tasklet] {
        links.indices.map { node in Tasklet.spawn("node") { try await pass(as: node) } }
    }

    func waitUntilParked() async throws {
        for link in links { try await link.waitForReceivers(1) }
    }

    /// One node: hands the token on with one hop less, until it is told to stop.
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
