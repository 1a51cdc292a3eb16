// SPDX-License-Identifier: Apache-2.0

import Measurement
import Profiling
import Reports

/// The profiles of `bench run --profile`: of every cell that ran well, after all has been measured.
struct RunProfiles: Sendable {
    let pace: ProfilePace
    let symbolizer: Symbolizer
    let directory: ResultsDirectory
    let runner: TrialRunner

    /// Takes them cell by cell, writes the files, and hands over what the report says of each as soon as it is there.
    ///
    /// Ends early after an interruption. Throws a ``StorageError`` where files cannot be written.
    func take(of cells: [Cell], each: (ProfileEntry) -> Void) async throws {
        guard !cells.isEmpty else { return }
        try directory.makeFolder(ProfileFiles.folder)
        for (index, cell) in cells.enumerated() where !Interrupt.isRequested {
            Output.note("profile \(index + 1) of \(cells.count): \(cell.profileTitle)")
            do {
                each(try await entry(cell))
            } catch let error as StorageError {
                throw error
            } catch is CancellationError {
                break
            } catch {
                Output.complain("there is no profile of \(cell.profileTitle): \(error)")
                each(ProfileEntry(cell: cell, failure: Output.oneLine("\(error)")))
            }
        }
    }

    private func entry(_ cell: Cell) async throws -> ProfileEntry {
        let files = ProfileFiles(cell, in: directory)
        let taken = try await ProfileRounds([cell], pace, files: [files], runner: runner).take { _ in }[0]
        let profile = try await taken.attributed(symbolizer)
        let report = try files.write(profile, of: taken)
        return ProfileEntry(
            cell: cell,
            page: files.page,
            samples: profile.sampleCount,
            shares: profile.activities.map { activity in
                let share = profile.share(profile.time(activity))
                return ProfileEntry.Part(name: activity.rawValue, fraction: share.fraction, interval: share.interval)
            },
            cost: taken.cost.cpuTime.flatMap { row in row.ratio.map { .init(ratio: $0, interval: row.interval) } },
            failure: report.isInconsistent ? "more than 5 % is wrong or unknown" : nil
        )
    }
}
