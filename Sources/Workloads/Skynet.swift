// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Tasklets

extension Workloads {
    /// A tree of tasklets: every leaf adds its number to its parent's total, every inner node the total of its subtree.
    ///
    /// A parent waits by joining its children, so that what is measured is making, running and joining tasklets; what
    /// channels cost, other workloads measure. After the benchmark of that name by Alexander Temerev.
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
            let tree = Subtree(first: 0, leaves: parameters["leaves"], fanOut: parameters["fan-out"])
            let total = Total()
            observer.mark(.begin)
            try await tree.spawn(addingTo: total).join()
            observer.mark(.end)
            return total.value
        }
    )
}

/// Where children leave their numbers.
///
/// They may run at the same time.
private final class Total: Sendable {
    private let sum = Atomic<Int>(0)

    func add(_ number: Int) { sum.add(number, ordering: .relaxed) }

    var value: Int { sum.load(ordering: .relaxed) }
}

private struct Subtree: Sendable {
    let first: Int
    let leaves: Int
    let fanOut: Int

    func spawn(addingTo total: Total) -> Tasklet {
        guard leaves > 1 else {
            let number = first
            return Tasklet.spawn("leaf") { total.add(number) }
        }
        return Tasklet.spawn("node") { total.add(try await sum()) }
    }

    private func sum() async throws -> Int {
        let total = Total()
        for child in spawnChildren(addingTo: total) { try await child.join() }
        return total.value
    }

    private func spawnChildren(addingTo total: Total) -> [Tasklet] {
        let count = min(fanOut, leaves)
        var next = first
        return (0..<count).map { child in
            // The first children take the leaves that cannot be shared out equally.
            let share = leaves / count + (child < leaves % count ? 1 : 0)
            defer { next += share }
            return Subtree(first: next, leaves: share, fanOut: fanOut).spawn(addingTo: total)
        }
    }
}
