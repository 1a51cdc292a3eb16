// SPDX-License-Identifier: Apache-2.0

/// The answer of a run, on one screen: which scheduler suits which load.
///
/// The terminal, `report.md` and `report.html` all show this.
package struct FirstScreen: Sendable, Equatable, Codable {
    /// The answer for a kind of load.
    package struct Line: Sendable, Equatable, Codable {
        /// The kind.
        package var load: LoadKind
        /// The schedulers that could be the best.
        package var best: String
        /// How many times as much the best of the others takes, such as `1.25x`; nil without others.
        package var next: String?
        /// The same of the worst; nil without others.
        package var worst: String?
        /// A sentence made from the figures.
        package var sentence: String
    }

    /// What was measured: machine, date, speed.
    package var caption: String
    /// What the reader has to know first, such as a busy machine, a debug build, an interrupted run.
    package var warnings: [String]
    /// One line a kind of load.
    package var lines: [Line]
    /// Sentences about the run as a whole.
    package var notes: [String]
}
