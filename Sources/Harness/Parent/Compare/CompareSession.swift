// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports

/// A `bench compare`: compares two runs by their CSV files, and prints what changed.
package struct CompareSession: Sendable {
    private let old: ResultsDirectory
    private let new: ResultsDirectory
    private let threshold: Double

    /// - Parameters:
    ///   - old: the path of the results that are compared with.
    ///   - new: the path of the results that are judged.
    ///   - threshold: the ratio above 1, or its inverse below, up to which a change is negligible.
    /// - Throws: ``UsageError`` if a directory does not have the files.
    package init(old: String, new: String, threshold: Double) throws {
        self.old = try ResultsDirectory.open(old, having: Self.files)
        self.new = try ResultsDirectory.open(new, having: Self.files)
        self.threshold = threshold
    }

    /// Reads the files, warns of what differs between the machines, and prints the table.
    ///
    /// - Throws: ``UsageError`` if a CSV file cannot be read.
    package func run() throws -> ExitStatus {
        let comparison = RunComparison(of: try Self.rows(new), to: try Self.rows(old), threshold: threshold)
        warn()
        Console.print(ComparisonTable.text(comparison))
        return comparison.hasRegression ? .regression : .success
    }

    private func warn() {
        let records = [old, new].compactMap(Self.environment)
        guard records.count == 2 else { return }
        EnvironmentDifferences.sentences(old: records[0], new: records[1]).forEach(Console.error)
    }

    /// The environment of a run; without it, says so.
    private static func environment(_ directory: ResultsDirectory) -> EnvironmentRecord? {
        do {
            return try JSONText.value(EnvironmentRecord.self, from: directory.text(of: "environment.json"))
        } catch {
            Console.error(
                """
                '\(directory.path)/environment.json' is missing or damaged: whether the machines differ is unknown
                """
            )
            return nil
        }
    }

    private static let files = ["results.csv", "samples.csv"]

    private static func rows(_ directory: ResultsDirectory) throws -> [MeasuredRow] {
        let samples = try parse("samples.csv", directory) { try SamplesFile.values($0) }
        return try parse("results.csv", directory) { try ResultsFile.rows($0, samples: samples) }
    }

    private static func parse<Value>(
        _ name: String,
        _ directory: ResultsDirectory,
        _ read: (String) throws -> Value
    ) throws -> Value {
        let text = try directory.text(of: name)
        do {
            return try read(text)
        } catch let error as CSVError {
            throw UsageError(error.sentence(path: "\(directory.path)/\(name)"))
        }
    }
}
