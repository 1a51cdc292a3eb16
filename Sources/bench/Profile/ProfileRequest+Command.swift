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
            if let last = sides.last, Workloads.named(last) != nil { throw UsageError.sides(sides[0]) }
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
        guard names.count == 2 else { throw UsageError.sides(names.joined(separator: " ")) }
        return try names.map { try side($0, command) }
    }

    /// What is not named is what `--backend` and `--switching` say.
    private static func side(_ name: String, _ command: ProfileCommand) throws -> Strategy {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, !parts.contains("") else { throw UsageError.sides(name) }
        let isSwitching = Switching(rawValue: name) != nil
        return try Strategy.one(
            backend: isSwitching ? command.backend ?? Backend.epoll.rawValue : parts[0],
            switching: isSwitching ? name : parts.count == 2 ? parts[1] : command.switching,
            for: "--diff, for each of its two,"
        )
    }
}

extension UsageError {
    fileprivate static func sides(_ text: String) -> UsageError {
        UsageError(
            "'\(text)' is not allowed for --diff, which takes two, A and B: each a backend, a switching, or "
                + "BACKEND/SWITCHING"
        )
    }
}

/// How long is profiled, and how often.
struct ProfilePace: Sendable, Equatable {
    /// Samples in a second of processor time.
    let frequency: Int
    /// How many processes of each cell run with a profiler, each beside one without: enough to be resampled.
    let rounds = 10
    /// Seconds that those with a profiler take together, at least: a run of a workload is not cut short.
    let duration: Int

    init(frequency: Int = 250, duration: Int) {
        self.frequency = frequency
        self.duration = duration
    }

    /// What one process runs.
    func trial(_ cell: Cell, round: Int) -> Trial {
        let share = Double(duration) / Double(rounds)
        return Trial(cell: cell, round: round, minimumTime: share, timeLimit: 60 + 4 * share)
    }
}
