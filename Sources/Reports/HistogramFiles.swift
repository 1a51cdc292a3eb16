// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// `histograms/*.hgrm`: the distributions of wait times in microseconds, in HdrHistogram's text format.
package enum HistogramFiles {
    /// A file's name and text.
    package struct File: Sendable, Equatable {
        package let name: String
        package let text: String
    }

    /// One file per cell and series, merged over the rounds, in order of first appearance.
    package static func files(_ records: [TrialRecord], _ varied: VariedParameters) -> [File] {
        var merged: [String: LatencyHistogram] = [:]
        var names: [String] = []
        for record in records.measured {
            for (series, histogram) in record.histograms.sorted(by: { $0.key < $1.key }) {
                let name = name(record.observed, series, varied)
                if merged[name] == nil { names.append(name) }
                merged[name, default: LatencyHistogram()].merge(histogram)
            }
        }
        return names.map { File(name: $0, text: merged[$0]?.percentileDistribution ?? "") }
    }

    private static func name(_ cell: Cell, _ series: String, _ varied: VariedParameters) -> String {
        let build = cell.build == nil ? "" : "-other-build"
        return "\(varied.fileName(cell))-\(cell.schedulerFileName)-\(cell.switching)-\(series)\(build).hgrm"
    }
}
