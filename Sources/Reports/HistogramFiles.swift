// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// `histograms/*.hgrm`: the distributions of single waits, in HdrHistogram's text format and in microseconds.
package enum HistogramFiles {
    /// One file's name and text.
    package struct File: Sendable, Equatable {
        package let name: String
        package let text: String
    }

    /// One file for each cell and kind of wait, merged over the rounds, in the order in which they were first recorded.
    package static func files(_ records: [TrialRecord]) -> [File] {
        var merged: [String: LatencyHistogram] = [:]
        var names: [String] = []
        for record in records {
            for (kind, histogram) in record.histograms.sorted(by: { $0.key < $1.key }) {
                let name = name(record.observed, kind)
                if merged[name] == nil { names.append(name) }
                merged[name, default: LatencyHistogram()].merge(histogram)
            }
        }
        return names.map { File(name: $0, text: merged[$0]?.percentileDistribution ?? "") }
    }

    private static func name(_ cell: Cell, _ kind: String) -> String {
        "\(cell.workload)-\(cell.backend)-\(cell.switching)-\(kind).hgrm"
    }
}
