// SPDX-License-Identifier: Apache-2.0

import Backends
import Measurement
import Tasklets
import Workloads

/// What `bench profile` was asked for, checked.
struct ProfileRequest: Sendable, Equatable {
    /// What is profiled: one, or two that are compared, the second with the first.
    let cells: [Cell]
    let pace: ProfilePace

    /// Throws a ``UsageError`` at the first argument that cannot be used.
    init(_ command: ProfileCommand, allowedCPUs: CPUSet) throws {
        var (name, sides) = (command.workload, command.diff)
        // The two of --diff swallow a workload that stands behind them.
        if name == nil, sides.count == 3 { name = sides.popLast() }
        guard let name else {
            throw UsageError("bench profile needs a workload, or --self-test; 'bench list' shows the workloads")
        }
        let workload = try RunRequest.workload(name)
        let strategies = try sides.isEmpty ? [Self.strategy(command)] : Self.sides(sides, command)
        let settings = try Settings(command.common.settings, for: [workload])
        let cpus = try RunRequest.cpus(command.common.cpus, allowed: allowedCPUs)
        let values = settings.values(for: workload, quick: false)
        cells = strategies.map { $0.cell(workload, values, cpus: cpus) }
        pace = ProfilePace(
            frequency: try UsageError.whole("--frequency", command.frequency, in: 1...4_000),
            duration: try UsageError.whole("--duration", command.duration, in: 1...3_600) ?? 10
        )
    }

    private static func strategy(_ command: ProfileCommand) throws -> Strategy {
        try Strategy.one(
            backend: command.backend ?? Backend.epoll.rawValue,
            switching: command.switching,
            for: "bench profile"
        )
    }

    private static func sides(_ names: [String], _ command: ProfileCommand) throws -> [Strategy] {
        guard names.count == 2 else {
            throw UsageError(
                "--diff takes two, A and B, and not '\(names.joined(separator: " "))': each a backend, a switching, or "
                    + "BACKEND/SWITCHING"
            )
        }
        return try names.map { try side($0, command) }
    }

    /// What is not named is what `--backend` and `--switching` say.
    private static func side(_ name: String, _ command: ProfileCommand) throws -> Strategy {
        let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let isSwitching = Switching(rawValue: name) != nil
        return try Strategy.one(
            backend: isSwitching ? command.backend ?? Backend.epoll.rawValue : parts[0],
            switching: isSwitching ? name : parts.count == 2 ? parts[1] : command.switching,
            for: "--diff, for each of its two,"
        )
    }
}

/// How long is profiled, and how often.
struct ProfilePace: Sendable, Equatable {
    /// Samples in a second of processor time.
    let frequency: Int
    /// How many processes of each cell run with a profiler, each beside one without.
    let rounds: Int
    /// Seconds that those with a profiler take together, at least: a run of a workload is not cut short.
    let duration: Int

    /// Ten rounds where there is time for a second in each, and three at least, so that they can be resampled: what a
    /// process does after its last sample is lost.
    init(frequency: Int = 250, duration: Int) {
        self.frequency = frequency
        self.duration = duration
        rounds = min(max(duration, 3), 10)
    }

    /// What one process runs.
    func trial(_ cell: Cell, round: Int) -> Trial {
        let share = Double(duration) / Double(rounds)
        return Trial(cell: cell, round: round, minimumTime: share, timeLimit: 60 + 4 * share)
    }
}
