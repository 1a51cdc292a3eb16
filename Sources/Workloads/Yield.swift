// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// Tasklets that only yield: the bare cost of a switch.
    static let yield = Workload(
        name: "yield",
        summary: "Tasklets that only yield to each other.",
        parameters: [
            Parameter("tasklets", "tasklets that yield", default: 100, quick: 100, in: 1...1_000_000),
            Parameter("yields", "yields per tasklet", default: 500, quick: 200, in: 1...1_000_000_000),
        ],
        operation: "yield",
        metric: "switch",
        operations: { $0["tasklets"] * $0["yields"] },
        expected: { $0["tasklets"] * $0["yields"] },
        run: { parameters, observer in
            let tasklets = parameters["tasklets"]
            let yields = parameters["yields"]
            let gate = Gate()
            let yielded = AtomicSum()
            let started = (0..<tasklets).map { _ in
                Tasklet.spawn("yielder") {
                    try await gate.wait()
                    yielded.add(try await yieldRepeatedly(yields))
                }
            }
            try await gate.waitForArrivals(tasklets)
            observer.mark(.begin)
            try await gate.open(for: tasklets)
            for tasklet in started { try await tasklet.join() }
            observer.mark(.end)
            return yielded.sum
        }
    )
}

private func yieldRepeatedly(_ yields: Int) async throws -> Int {
    var count = 0
    while count < yields {
        try await Tasklet.schedule()
        count &+= 1
    }
    return count
}
