// SPDX-License-Identifier: Apache-2.0

/// A picture of a report: an SVG that stands alone, in a page or in a file.
package struct Plot: Sendable, Equatable {
    /// The name of its file in `plots/`, without the extension; unique in a report.
    package var name: String
    /// What it shows, as a heading.
    package var title: String
    /// What there is to see, in words, for readers who cannot see it.
    package var description: String
    /// The label of the workload that it belongs to, as in ``WorkloadScreen/label``; nil for one of the whole run.
    package var workload: String?
    /// The label of the contest with peers that it shows, as in ``PeersScreen/Line/label``; nil for other plots.
    package var contest: String?
    /// The element `svg`, with a view box, and colours that follow the reader's light or dark scheme.
    package var svg: String

    /// Creates a plot.
    package init(
        name: String,
        title: String,
        description: String,
        workload: String? = nil,
        contest: String? = nil,
        svg: String
    ) {
        self.name = name
        self.title = title
        self.description = description
        self.workload = workload
        self.contest = contest
        self.svg = svg
    }
}
