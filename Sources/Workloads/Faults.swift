// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// The error that a fault throws.
struct FaultError: Error, CustomStringConvertible {
    let description: String
}

extension Workloads {
    /// Crashes the process.
    static let faultCrash = fault("fault-crash", "Crashes.") { fatalError("crashed on purpose") }

    /// Hangs.
    static let faultHang = fault("fault-hang", "Hangs.") {
        while true { try await Tasklet.sleep(for: .seconds(3_600)) }
    }

    /// Throws.
    static let faultThrow = fault("fault-throw", "Throws an error.") {
        throw FaultError(description: "thrown on purpose")
    }

    /// Fails as if a connection broke.
    static let faultConnection = fault("fault-connection", "Loses a connection.") {
        throw SchedulerError(.system, "read failed: on purpose")
    }

    /// Asks for more than the scheduler supports.
    static let faultUnsupported = fault("fault-unsupported", "Asks for too much.") {
        throw WorkloadUnsupported(reason: "unsupported on purpose")
    }

    /// Returns a wrong answer.
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
