// SPDX-License-Identifier: Apache-2.0

/// A question that the project began with, and what a run answers.
///
/// The questions are those of Andrew Francis, "[Stackless] Thoughts on I/O Driven Scheduler", 2011.
package struct FoundingAnswer: Sendable, Equatable, Codable {
    /// The question.
    package var question: String
    /// A sentence made from the figures.
    package var sentence: String
    /// The figure that decides, with its unit or as a factor; nil where the answer rests on counts alone.
    package var figure: String?
    /// The 95 % interval of that; nil for too few processes.
    package var interval: String?
    /// The part of the report that has the rows and the plot.
    package var evidence: Place

    /// A part of the report.
    package enum Place: Sendable, Equatable, Codable {
        /// A workload, by the label of its ranking.
        case workload(String)
        /// A section, by its title.
        case section(String)
    }
}
