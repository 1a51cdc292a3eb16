// SPDX-License-Identifier: Apache-2.0

import Backends
import FoundationEssentials
import Measurement
import Profiling
import Reports
import SystemPackage
import Tasklets
import Workloads

/// `bench profile --self-test`: profiles of tasklets whose shares are known, and how far they are from the truth.
struct ProfileSelfTest: Sendable {
    private let strategies: [Strategy]
    private let cpus: CPUSet
    private let frequency: Int
    /// Seconds of each profile.
    private let duration: Int

    /// Microseconds between two switches.
    private static let slices = [1, 100]
    /// Throws a ``UsageError`` at the first argument that cannot be used.
    init(_ command: ProfileCommand, allowedCPUs: CPUSet) throws {
        if let workload = command.workload {
            throw UsageError("'\(workload)' is not allowed beside --self-test, which has a workload of its own")
        }
        if !command.common.settings.isEmpty { throw UsageError("--set is not allowed beside --self-test") }
        if command.common.output != nil {
            throw UsageError("--output is not allowed beside --self-test, which writes no files")
        }
        if !command.diff.isEmpty { throw UsageError("--diff is not allowed beside --self-test") }
        let all = try Strategy.list(backends: command.backend, switchings: command.switching)
        // Each backend once, unless a switching was asked for.
        strategies = command.switching == nil ? all.filter { $0.switching == $0.backend.switchings.first } : all
        cpus = try RunRequest.cpus(command.common.cpus, allowed: allowedCPUs)
        frequency = try UsageError.whole("--frequency", command.frequency, in: 1...4_000)
        duration = try UsageError.whole("--duration", command.duration, in: 1...3_600) ?? 20
    }

    func run(_ symbolizer: Symbolizer) async throws -> ExitStatus {
        Interrupt.catchSignals()
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let runner = TrialRunner(executable: try ReleaseBuild.ownPath())
        var rows: [ShareCheck] = []
        for strategy in strategies {
            for slice in Self.slices {
                Output.note("\(strategy.name), a switch every \(slice) µs and more, \(duration) s")
                rows.append(try await check(strategy, slice, runner, symbolizer, in: folder))
            }
        }
        Output.print(ShareCheck.table(rows))
        let worst = rows.map(\.error).max() ?? 0
        let allowance = rows.contains { $0.allowance > ShareCheck.tolerance } ? ", and more of few samples" : ""
        Output.print(
            "The largest error is \(ShareCheck.points(worst)) points; "
                + "\(ShareCheck.points(ShareCheck.tolerance)) are allowed\(allowance)."
        )
        return rows.allSatisfy { $0.error < $0.allowance } ? .success : .trialFailed
    }

    private func check(
        _ strategy: Strategy,
        _ slice: Int,
        _ runner: TrialRunner,
        _ symbolizer: Symbolizer,
        in folder: TemporaryFolder
    ) async throws -> ShareCheck {
        // Long runs, so that their ends do not count; short enough that the last is not much too long.
        let parameters = ["slice": slice, "turns": max(1, 20_000 / slice)]
        let cell = strategy.cell(Workloads.knownShares, parameters, cpus: cpus)
        let limit = 60 + 4 * Double(duration)
        let trial = Trial(cell: cell, round: 1, minimumTime: Double(duration), timeLimit: limit)
        let path = "\(folder.path)/\(strategy.backend.rawValue)-\(strategy.switching.rawValue)-\(slice).prof"
        let outcome = try await Interrupt.cancelling {
            try await runner.run(trial, profiledInto: path, frequency: frequency)
        }
        let profile = try await Attribution([try outcome.profile(at: path)], symbolizer)
        return ShareCheck(strategy: strategy.name, slice: slice, profile)
    }
}

/// A profile of tasklets whose shares are known, held against the truth.
struct ShareCheck: Sendable, Equatable {
    let strategy: String
    let slice: Int
    /// What was found of each, of the time that the four work; in the order of ``KnownShare``.
    let found: [Double]
    let samples: Int

    init(strategy: String, slice: Int, _ profile: Attribution) {
        self.strategy = strategy
        self.slice = slice
        let times = KnownShare.allCases.map { profile.userTime(of: $0.taskletName) }
        let all = times.reduce(0, +)
        found = times.map { all == 0 ? 0 : Double($0) / Double(all) }
        samples = profile.sampleCount
    }

    /// The largest error of the four, in points of 100.
    var error: Double {
        zip(found, KnownShare.allCases).map { abs($0 - $1.fraction) * 100 }.max() ?? 0
    }

    /// How large the error may be: ``tolerance``, or three standard deviations of a share of one half, where there are so
    /// few samples that chance alone makes more.
    var allowance: Double { max(Self.tolerance, 300 * (0.25 / Double(max(samples, 1))).squareRoot()) }

    /// Points of 100 by which a share may be wrong.
    static let tolerance = 3.0

    static func points(_ points: Double) -> String { Figure.plain((points * 10).rounded() / 10) }

    static func table(_ rows: [ShareCheck]) -> String {
        var table = MarkdownTable(
            [("scheduler", .left), ("µs", .right)]
                + KnownShare.allCases.map { (percent($0.fraction), .right) }
                + [("error", .right), ("allowed", .right), ("samples", .right)]
        )
        for row in rows {
            let figures = [points(row.error), points(row.allowance), "\(row.samples)"]
            table.add([row.strategy, "\(row.slice)"] + row.found.map(percent) + figures)
        }
        return table.text
    }

    private static func percent(_ fraction: Double) -> String {
        "\(Figure.plain((fraction * 1_000).rounded() / 10)) %"
    }
}

/// A directory that is there for a while.
struct TemporaryFolder: Sendable {
    let path: String

    /// Throws a ``StorageError`` where it cannot be made.
    init() throws {
        path =
            FileManager.default.temporaryDirectory.appending(path: "switchyard-\(UInt64.random(in: 0 ... .max))").path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw StorageError(path: FilePath(path), reason: "\(error)")
        }
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
