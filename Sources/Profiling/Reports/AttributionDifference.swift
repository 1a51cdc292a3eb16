// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// The difference between the profiles of one workload under two schedulers: how much, where, and how certain.
///
/// Everything is processor time per operation, so that runs of different lengths compare. Each round profiled one
/// process of either scheduler; resampling the rounds gives the intervals.
package struct AttributionDifference: Sendable {
    /// One of the two profiles.
    package struct Side: Sendable {
        /// Backend and switching: `epoll/soft`.
        package let name: String
        package let profile: Attribution
        /// The trials without a profiler, round by round.
        let plain: [TrialRecord]

        package init(name: String, profile: Attribution, plain: [TrialRecord]) {
            self.name = name
            self.profile = profile
            self.plain = plain
        }
    }

    /// A part of the time per operation on both sides, in nanoseconds.
    struct Row: Sendable, Equatable {
        let name: String
        let before: Double
        let after: Double
        /// The 95 % confidence interval of the difference; nil for too few rounds.
        let interval: Interval?

        /// Positive where the second side takes longer.
        var difference: Double { after - before }
        /// Whether chance alone is an unlikely explanation.
        var isCertain: Bool { interval.map { !$0.contains(0) } ?? false }
    }

    package let before: Side
    package let after: Side
    private let draws: RoundSamples
    private let rounds: [Int]

    /// - Parameters:
    ///   - before: the baseline.
    ///   - after: the profile to compare with it, from as many rounds.
    package init(from before: Side, to after: Side) {
        self.before = before
        self.after = after
        let count = min(before.profile.processCount, after.profile.processCount)
        rounds = Array(0..<count)
        draws = RoundSamples(rounds: count)
    }

    var roundCount: Int { rounds.count }

    /// Whether there are enough rounds to tell a difference from chance.
    var areRoundsEnough: Bool { unprofiled.interval != nil }

    // MARK: The whole

    /// The time of the trials without a profiler.
    var unprofiled: Row { row("all, without the profiler") { $0.mean(.cpuTime, $1) } }

    /// The time on the clock, with the profiler.
    var elapsed: Row { row("by the clock, with the profiler") { $0.time($0.profile.elapsedTimes, $1) } }

    /// The time that all samples stand for.
    var sampled: Row { row("all, by the samples") { $0.time($0.profile.sampledTimes, $1) } }

    /// What the samples do not explain: the time after the last samples, the profiler's own cost, and chance.
    var unexplained: Row { row("unexplained") { $0.mean(.cpuTime, $1) - $0.time($0.profile.sampledTimes, $1) } }

    // MARK: The parts

    /// The time of each activity.
    var activities: [Row] {
        Activity.allCases.filter { before.profile.time($0).sum + after.profile.time($0).sum > 0 }.map { activity in
            row(activity.rawValue, before.profile.time(activity), after.profile.time(activity))
        }
    }

    /// The tasklets of each name by activity, the largest difference first.
    var roles: [Row] {
        rows(before.profile.byRole, after.profile.byRole) { "\($0.role): \($0.activity.rawValue)" }
    }

    /// The own time of each function, the largest difference first.
    var functions: [Row] {
        rows(before.profile.functions.mapValues(\.own), after.profile.functions.mapValues(\.own)) { identity in
            "\(identity.function)" + (identity.place.isEmpty ? "" : " of \(identity.place)")
        }
    }

    private func rows<Part: Hashable>(
        _ before: [Part: PerProcess],
        _ after: [Part: PerProcess],
        name: (Part) -> String
    ) -> [Row] {
        let none = PerProcess(processes: rounds.count)
        return Set(before.keys).union(after.keys)
            .map { row(name($0), before[$0] ?? none, after[$0] ?? none) }
            .filter { $0.before > 0 || $0.after > 0 }
            .sorted { (abs($1.difference), $0.name) < (abs($0.difference), $1.name) }
    }

    func row(_ name: String, _ before: PerProcess, _ after: PerProcess) -> Row {
        row(
            name,
            { self.before.time(before, $0) },
            { self.after.time(after, $0) }
        )
    }

    private func row(_ name: String, _ figure: (Side, _ rounds: [Int]) -> Double) -> Row {
        row(name, { figure(before, $0) }, { figure(after, $0) })
    }

    private func row(_ name: String, _ before: ([Int]) -> Double, _ after: ([Int]) -> Double) -> Row {
        Row(
            name: name,
            before: before(rounds),
            after: after(rounds),
            interval: draws.expandedInterval { after($0) - before($0) }
        )
    }
}

extension AttributionDifference.Side {
    /// Nanoseconds per operation in some rounds.
    fileprivate func time(_ part: PerProcess, _ rounds: [Int]) -> Double {
        part.over(profile.operationCounts, in: rounds)
    }

    /// The mean of a figure over trials without a profiler.
    fileprivate func mean(_ metric: Metric, _ rounds: [Int]) -> Double {
        rounds.reduce(0) { $0 + (plain[$1].value(of: metric) ?? 0) } / Double(rounds.count)
    }
}

/// The tasklets of one name during one activity.
struct RoleAtActivity: Hashable {
    let role: String
    let activity: Activity
}

extension Attribution {
    fileprivate var byRole: [RoleAtActivity: PerProcess] {
        Dictionary(grouping: stacks) { RoleAtActivity(role: $0.role, activity: $0.activity) }
            .mapValues { $0.perProcess(processCount) }
    }
}
