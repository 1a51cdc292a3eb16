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
            let hall = Hall()
            observer.mark(.begin)
            // No list of them is kept, and each holds one reference: either would count as their memory.
            for _ in 0..<count {
                Tasklet.spawn("parked") {
                    hall.received.add(try await hall.gate.receive())
                    hall.left.add(1)
                }
            }
            try await hall.gate.waitForReceivers(count)
            observer.mark(.occupied)
            for number in 0..<count { try await hall.gate.send(number) }
            while hall.left.sum < count { try await Tasklet.schedule() }
            observer.mark(.end)
            try await Tasklet.drain()
            return hall.received.sum
        }
    )
}

/// Where they wait, and what they leave behind.
private final class Hall: Sendable {
    let gate = Channel<Int>("gate")
    let received = Tally()
    let left = Tally()
}
