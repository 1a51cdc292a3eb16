// SPDX-License-Identifier: Apache-2.0

import Measurement
import Profiling
import Reports

/// The profiles of `bench run --profile`: of every cell whose trials succeeded, after all measurements.
struct PostRunSampling: Sendable {
    let plan: SamplingPlan
    let varied: VariedParameters
    let symbolizer: Symbolizer
    let directory: ResultsDirectory
    let launcher: TrialLauncher

    /// Profiles cell by cell, writes the files, and returns the entries of the report.
    ///
    /// Stops early when interrupted.
    ///
    /// - Throws: ``StorageError`` if a file cannot be written.
    func take(of cells: [Cell]) async throws -> [ProfileEntry] {
        guard !cells.isEmpty else { return [] }
        var entries: [ProfileEntry] = []
        try directory.createFolder(CellArtifacts.folder)
        for (index, cell) in cells.enumerated() where !Interrupt.isRequested {
            Console.note("profile \(index + 1) of \(cells.count): \(cell.title(varied))")
            do {
                entries.append(try await entry(cell))
            } catch let error as StorageError {
                throw error
            } catch is CancellationError {
                break
            } catch {
                Console.error("no profile of \(cell.title(varied)): \(error)")
                entries.append(ProfileEntry(cell: cell, failure: Console.oneLine("\(error)")))
            }
        }
        return entries
    }

    private func entry(_ cell: Cell) async throws -> ProfileEntry {
        let artifacts = CellArtifacts(cell, in: directory, varied: varied)
        let rounds = PairedRounds([cell], plan, artifacts: [artifacts], launcher: launcher)
        let sampled = try await rounds.take { _ in }[0]
        let profile = try await sampled.attributed(symbolizer)
        let report = try artifacts.write(profile, of: sampled)
        return ProfileEntry(
            cell: cell,
            page: artifacts.page,
            samples: profile.sampleCount,
            shares: profile.activities.map { activity in
                let share = profile.share(profile.time(activity))
                return ProfileEntry.Part(name: activity.rawValue, fraction: share.fraction, interval: share.interval)
            },
            cost: sampled.cost.cpuTime.flatMap { row in row.ratio.map { .init(ratio: $0, interval: row.interval) } },
            failure: report.isInconsistent ? "more than 5 % of the time is wrong or unknown" : nil
        )
    }
}
