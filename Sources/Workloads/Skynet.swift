// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// A tree of tasklets: every leaf sends its number up, every inner node the sum of its children.
    static let skynet = Workload(
        name: "skynet",
        summary: "A tree of tasklets that sums the numbers of its leaves.",
        parameters: [
            Parameter("leaves", "leaves of the tree", default: 10_000, quick: 1_000, in: 1...100_000_000),
            Parameter("fan-out", "children of an inner node", default: 10, quick: 10, in: 2...1_000_000),
        ],
        operation: "leaf",
        metric: "leaf",
        operations: { $0["leaves"] },
        expected: { $0["leaves"] * ($0["leaves"] - 1) / 2 },
        run: { parameters, observer in
            let top = Channel<Int>("top")
            observer.mark(.begin)
            Subtree(first: 0, leaves: parameters["leaves"], fanOut: parameters["fan-out"]).spawn(reportingTo: top)
            let sum = try await top.receive()
            // The tasklets that have reported and not yet ended are part of the work.
            try await Tasklet.drain()
            observer.mark(.end)
            return sum
        }
    )
}

private struct Subtree: Sendable {
    let first: Int
    let leaves: Int
    let fanOut: Int

    func spawn(reportingTo parent: Channel<Int>) {
        if leaves == 1 {
            let number = first
            Tasklet.spawn("leaf") { try await parent.send(number) }
        } else {
            Tasklet.spawn("node") { try await parent.send(try await sum()) }
        }
    }

    private func sum() async throws -> Int {
        let reports = Channel<Int>("reports")
        let children = min(fanOut, leaves)
        var next = first
        for child in 0..<children {
            // The first children take the leaves that cannot be shared out equally.
            let share = leaves / children + (child < leaves % children ? 1 : 0)
            Subtree(first: next, leaves: share, fanOut: fanOut).spawn(reportingTo: reports)
            next += share
        }
        var sum = 0
        for _ in 0..<children { sum += try await reports.receive() }
        return sum
    }
}
