// SPDX-License-Identifier: Apache-2.0

import Measurement
import ParameterValues

/// The answer to whether an I/O-only loop that does not preempt is good enough beside CPU-bound work.
enum HogAnswer {
    static let question = """
        Is an I/O-only loop that does not preempt good enough beside a CPU-bound tasklet, and at which share of CPU-bound work \
        does it stop being so?
        """

    /// How long messages wait may be so many times as much as without CPU-bound work.
    static let tolerance = 10.0

    /// By the sweep of the share.
    ///
    /// The loop is good enough while the latency at a percentile is at most ten times that without CPU-bound work.
    static func answer(_ evidence: Evidence) -> FoundingAnswer? {
        guard let tail = Sweep(evidence, "epoll soft", "latency-p99"),
            let median = Sweep(evidence, "epoll soft", "latency-p50"), let row = tail.rows.last
        else { return nil }
        let threads = Sweep(evidence, "thread-per-task kernel", "latency-p99")?.rows.last.map { threads in
            ", where threads wait \(threads.text)"
        }
        let last = "at \(row.share) % it is \(row.text)\(threads ?? "")"
        return FoundingAnswer(
            question: question,
            sentence: "\(sentence(tail, median)) (\(last)).",
            figure: row.text,
            interval: row.figures?.interval.map { Wording.interval($0, unit: row.metric.unit) },
            evidence: evidence.place(row)
        )
    }

    private static func sentence(_ tail: Sweep, _ median: Sweep) -> String {
        let limit = "\(Figure.significant(tolerance)) times what it is without CPU-bound work"
        switch (tail.limit, median.limit) {
        case (nil, _):
            return
                "Yes, up to a share of \(tail.rows.last?.share ?? 0) %: the 99th percentile of the latency stays below \(limit)"
        case (let tail?, nil):
            return
                "For most messages: the 99th percentile exceeds \(limit) from a share of \(tail) % on, the median at none"
        case (let tail?, let median?):
            return """
                Only for small shares: the 99th percentile exceeds \(limit) from a share of \(tail) % on, and the median from \
                \(median) % on
                """
        }
    }

    /// A percentile of a scheduler's latencies by the share of CPU-bound work.
    private struct Sweep {
        let rows: [ResultRow]
        private let idle: Double

        /// Nil unless there is a row without CPU-bound work, and another.
        init?(_ evidence: Evidence, _ scheduler: String, _ metric: String) {
            rows = evidence.rows("hog-share", metric).filter { $0.scheduler == scheduler }.sorted {
                $0.share < $1.share
            }
            guard rows.count > 1, let first = rows.first, first.share == 0, let figures = first.figures else {
                return nil
            }
            idle = figures.value
        }

        /// The least share from which on the percentile is above the limit; nil where it stays below.
        var limit: Int? {
            let exceeding = rows.reversed().prefix { ($0.figures?.value ?? 0) > HogAnswer.tolerance * idle }
            return exceeding.last?.share
        }
    }
}

/// The answer to what checkpoints cost.
enum CheckpointAnswer {
    static let question = "What do checkpoints cost, at which a CPU-bound tasklet gives way?"

    static func answer(_ evidence: Evidence) -> FoundingAnswer? {
        let scheduler = "epoll soft"
        guard let with = evidence.row("hog-checkpoints", scheduler, "progress"),
            let without = evidence.row("hog", scheduler, "progress"), let cost = evidence.comparison(with, to: without),
            let late = evidence.row("hog", scheduler, "latency-p99"),
            let soon = evidence.row("hog-checkpoints", scheduler, "latency-p99")
        else { return nil }
        return FoundingAnswer(
            question: question,
            sentence: """
                A tasklet that computes does \(cost.times("much")) work, and the 99th percentile of the latency of messages \
                meanwhile is \(soon.text) instead of \(late.text).
                """,
            figure: Wording.factor(cost.ratio),
            interval: cost.intervalText,
            evidence: evidence.place(with)
        )
    }
}

extension ResultRow {
    /// Percent of CPU-bound work.
    fileprivate var share: Int { cell.parameters["share"]?.number ?? 0 }
}
