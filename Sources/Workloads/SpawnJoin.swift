// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// Spawns, runs and joins one tasklet after another: the cost of a short-lived tasklet.
    static let spawnJoin = Workload(
        name: "spawn-join",
        summary: "Tasklets spawned and joined one after another.",
        parameters: [
            Parameter("count", "tasklets, one after another", default: 10_000, quick: 2_000, in: 1...1_000_000_000)
        ],
        operation: "spawn and join",
        metric: "spawn-join",
        operations: { $0["count"] },
        expected: { $0["count"] * ($0["count"] - 1) / 2 },
        run: { parameters, observer in
            let count = parameters["count"]
            let numbers = AtomicSum()
            observer.mark(.begin)
            for number in 0..<count {
                // Unshared: join returns only after the addition.
                try await Tasklet.spawn("short-lived") { numbers.addUnshared(number) }.join()
            }
            observer.mark(.end)
            return numbers.sum
        }
    )
}
