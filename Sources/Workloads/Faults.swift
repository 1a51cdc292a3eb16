// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// What a fault throws.
struct FaultError: Error, CustomStringConvertible {
    let description: String
}

extension Workloads {
    /// The process dies.
    static let faultCrash = fault("fault-crash", "Crashes.") { fatalError("crashed on purpose") }

    /// The process never ends.
    static let faultHang = fault("fault-hang", "Hangs.") {
        while true { try await Tasklet.sleep(for: .seconds(3_600)) }
    }

    /// The workload throws.
    static let faultThrow = fault("fault-throw", "Throws an error.") {
        throw FaultError(description: "thrown on purpose")
    }

    /// A connection of the workload's breaks.
    static let faultConnection = fault("fault-connection", "Loses a connection.") {
        throw SchedulerError(.system, "read failed: on purpose")
    }

    /// The workload asks for more than the scheduler can do.
    static let faultUnsupported = fault("fault-unsupported", "Asks for too much.") {
        throw WorkloadUnsupported(reason: "unsupported on purpose")
    }

    /// The workload returns another answer than it should.
    static let faultWrongAnswer = fault("fault-wrong-answer", "Returns a wrong answer.") { 41 }

    private static func fault(
        _ name: String,
        _ summary: String,
        _ body: @escaping @Sendable () async throws -> Int
    ) -> Workload {
        Workload(
            name: name,
            summary: summary,
            parameters: [Parameter("count", "operations", default: 1, quick: 1, in: 1...1_000)],
            operation: "operation",
            metric: "fault",
            operations: { $0["count"] },
            expected: { _ in 42 },
            run: { _, observer in
                observer.mark(.begin)
                let answer = try await body()
                observer.mark(.end)
                return answer
            }
        )
    }
}
