// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The answer to whether a tasklet notices a reactor in place of `run()`, and to what that costs.
enum ReactorAnswer {
    static let question = """
        Does a tasklet notice when a reactor takes the place of `run()`, and what does the reactor cost when nothing waits for \
        I/O?
        """

    /// The loop that only runs a queue, and polls between turns: what takes the place of Stackless's own `run()`.
    private static let loop = "round-robin"
    private static let reactors = ["epoll", "nio"]

    static func answer(_ evidence: Evidence) -> FoundingAnswer? {
        guard let own = evidence.row("yield", "\(loop) soft") else { return nil }
        let others = reactors.compactMap { evidence.row("yield", "\($0) soft") }
        let costs = others.compactMap { row in evidence.comparison(row, to: own).map { (row.cell.backend, $0) } }
        guard let first = costs.first else { return nil }
        return FoundingAnswer(
            question: question,
            sentence: "\(notices(evidence)); \(cost(costs)) as under \(loop).",
            figure: Wording.factor(first.1.ratio),
            interval: first.1.intervalText,
            evidence: evidence.place(own)
        )
    }

    private static func cost(_ costs: [(backend: String, comparison: Comparison)]) -> String {
        let parts = costs.map { "\($0.comparison.times("long")) under \($0.backend)" }
        return "a yield takes \(parts.joined(separator: " and "))"
    }

    /// Whether the answers are right and the switches the same, in every workload that ran under all of them.
    private static func notices(_ evidence: Evidence) -> String {
        let workloads = ["yield", "ping-pong"].filter { workload in
            ([loop] + reactors).allSatisfy { evidence.row(workload, "\($0) soft") != nil }
        }
        let different = workloads.filter { workload in
            reactors.contains { !agree(evidence, workload, $0) }
        }
        guard !workloads.isEmpty else { return "The run cannot tell" }
        let list = ([loop] + reactors).joined(separator: ", ")
        guard different.isEmpty else {
            return "It may: in \(different.joined(separator: " and ")) the numbers of switches differ between \(list)"
        }
        return """
            No: in \(workloads.joined(separator: " and ")) the answers are right and the numbers of switches the same \
            under \(list)
            """
    }

    /// Counts per operation differ a little by how many runs a process has, each with a switch or two of its own.
    private static func agree(_ evidence: Evidence, _ workload: String, _ reactor: String) -> Bool {
        counts(evidence, workload, loop).allSatisfy { metric, count in
            let other = evidence.row(workload, "\(reactor) soft", metric)?.figures?.value ?? 0
            return abs(other - count) <= 0.001 * max(count, other, 1)
        }
    }

    private static func counts(_ evidence: Evidence, _ workload: String, _ backend: String) -> [(String, Double)] {
        evidence.report.rows.compactMap { row in
            guard row.cell.workload == workload, row.scheduler == "\(backend) soft", let figures = row.figures,
                row.metric.name.hasPrefix("switches-") || row.metric == .noSwitch
            else { return nil }
            return (row.metric.name, figures.value)
        }
    }
}
