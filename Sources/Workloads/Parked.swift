// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// Tasklets that all wait at the same time: what a parked tasklet costs in memory.
    static let parked = Workload(
        name: "parked",
        summary: "Tasklets that all wait on one channel: the memory of each.",
        parameters: [
            Parameter("count", "tasklets parked at the same time", default: 10_000, quick: 1_000, in: 1...100_000_000)
        ],
        operation: "parked tasklet",
        metric: "memory-per-tasklet",
        quantity: .memory,
        operations: { $0["count"] },
        expected: { $0["count"] * ($0["count"] - 1) / 2 },
        run: { parameters, observer in
            let count = parameters["count"]
            let gate = Channel<Int>("gate")
            let received = Tally()
            let ended = Tally()
            observer.mark(.begin)
            // No list of them is kept: it would count as their memory.
            for _ in 0..<count {
                Tasklet.spawn("parked") {
                    received.add(try await gate.receive())
                    ended.add(1)
                }
            }
            try await gate.waitForReceivers(count)
            observer.mark(.occupied)
            for number in 0..<count { try await gate.send(number) }
            while ended.sum < count { try await Tasklet.schedule() }
            observer.mark(.end)
            try await Tasklet.drain()
            return received.sum
        }
    )
}
