// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// A tree of tasklets: each leaf adds its number to its parent's total, each inner node the total of its subtree.
    ///
    /// A parent joins its children, so that this measures spawning, running and joining; other workloads measure
    /// channels. After Alexander Temerev's benchmark of the same name.
    static let skynet = Workload(
        name: "skynet",
        summary: "A tree of tasklets sums the numbers of its leaves.",
        parameters: [
            Parameter("leaves", "leaves of the tree", default: 10_000, quick: 1_000, in: 1...100_000_000),
            Parameter("fan-out", "children per inner node", default: 10, quick: 10, in: 2...1_000_000),
        ],
        operation: "leaf",
        metric: "leaf",
        operations: { $0["leaves"] },
        expected: { $0["leaves"] * ($0["leaves"] - 1) / 2 },
        run: { parameters, observer in
            let tree = Subtree(first: 0, leaves: parameters["leaves"], fanOut: parameters["fan-out"])
            let total = AtomicSum()
            observer.mark(.begin)
            try await tree.spawn(addingTo: total).join()
            observer.mark(.end)
            return total.sum
        }
    )
}

private struct Subtree: Sendable {
    let first: Int
    let leaves: Int
    let fanOut: Int

    func spawn(addingTo total: AtomicSum) -> Tasklet {
        guard leaves > 1 else {
            let number = first
            return Tasklet.spawn("leaf") { total.add(number) }
        }
        return Tasklet.spawn("node") { total.add(try await sum()) }
    }

    private func sum() async throws -> Int {
        let total = AtomicSum()
        for child in spawnChildren(addingTo: total) { try await child.join() }
        return total.sum
    }

    private func spawnChildren(addingTo total: AtomicSum) -> [Tasklet] {
        let count = min(fanOut, leaves)
        var next = first
        return (0..<count).map { child in
            // The first children take the remainder.
            let share = leaves / count + (child < leaves % count ? 1 : 0)
            defer { next += share }
            return Subtree(first: next, leaves: share, fanOut: fanOut).spawn(addingTo: total)
        }
    }
}
