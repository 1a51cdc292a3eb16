// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// Tasklets that are all parked at the same time: the memory per parked tasklet.
    static let parked = Workload(
        name: "parked",
        summary: "Tasklets parked on one channel: the memory of each.",
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
            let shared = SharedState()
            observer.mark(.begin)
            // No array of tasklets, and one reference captured by each: both would count as their memory.
            for _ in 0..<count {
                Tasklet.spawn("parked") {
                    shared.received.add(try await shared.gate.receive())
                    shared.finished.add(1)
                }
            }
            try await shared.gate.waitForReceivers(count)
            observer.mark(.occupied)
            for number in 0..<count { try await shared.gate.send(number) }
            while shared.finished.sum < count { try await Tasklet.schedule() }
            observer.mark(.end)
            try await Tasklet.drain()
            return shared.received.sum
        }
    )
}

/// What the tasklets share.
private final class SharedState: Sendable {
    let gate = Channel<Int>("gate")
    let received = AtomicSum()
    let finished = AtomicSum()
}
