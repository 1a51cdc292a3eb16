// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// `histograms/*.hgrm`: the distributions of wait times in microseconds, in HdrHistogram's text format.
package enum HistogramFiles {
    /// A file's name and text.
    package struct File: Sendable, Equatable {
        /// The name in the folder.
        package let name: String
        /// The content.
        package let text: String
    }

    /// One file per cell and series, merged over the rounds, in order of first appearance.
    ///
    /// Their names carry everything that tells a cell apart from those of other runs, too.
    package static func files(_ records: [TrialRecord]) -> [File] {
        var merged: [String: LatencyHistogram] = [:]
        var names: [String] = []
        for record in records.measured {
            for (series, histogram) in record.histograms.sorted(by: { $0.key < $1.key }) {
                let name = name(record.observed, series)
                if merged[name] == nil { names.append(name) }
                merged[name, default: LatencyHistogram()].merge(histogram)
            }
        }
        return names.map { File(name: $0, text: merged[$0]?.percentileDistribution ?? "") }
    }

    private static func name(_ cell: Cell, _ series: String) -> String {
        let parameters = cell.parameters.sorted { $0.key < $1.key }.map { "\($0.key)-\($0.value)" }
        let parts =
            [cell.workload] + parameters + [cell.schedulerFileName, cell.switching, "cpus-\(cell.cpus)", series]
            + (cell.build == nil ? [] : ["other-build"])
        return parts.joined(separator: "_") + ".hgrm"
    }
}
