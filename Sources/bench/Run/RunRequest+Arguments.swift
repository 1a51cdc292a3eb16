// SPDX-License-Identifier: Apache-2.0

import Backends
import Measurement
import Tasklets
import Workloads

/// What `bench run` was asked for, checked.
///
/// Making one touches nothing but the arguments.
struct RunRequest: Sendable, Equatable {
    /// What runs, and how often.
    let plan: Plan
    /// What the others are compared with.
    let baseline: Baseline
    /// How long is profiled afterwards; nil where that was not asked for.
    let profiles: ProfilePace?

    /// Throws a ``UsageError`` at the first argument that cannot be used.
    init(_ arguments: RunArguments, allowedCPUs: CPUSet) throws {
        let workloads = try Self.workloads(arguments.workloads)
        let strategies = try Strategy.list(backends: arguments.backends, switchings: arguments.switching)
        let settings = try Settings(arguments.common.settings, for: workloads)
        let cpus = try Self.cpus(arguments.common.cpus, allowed: allowedCPUs)
        baseline = try Self.baseline(arguments.baseline, among: strategies)
        let pace = arguments.quick ? Pace.quick : .standard
        profiles = arguments.profile ? ProfilePace(duration: pace.profileDuration) : nil
        plan = Plan(
            cells: workloads.flatMap { workload in
                let parameters = settings.values(for: workload, quick: arguments.quick)
                return strategies.map { $0.cell(workload, parameters, cpus: cpus) }
            },
            rounds: try UsageError.whole("--rounds", arguments.rounds, in: 1...1_000) ?? pace.rounds,
            seed: try Self.seed(arguments.seed),
            minimumTime: pace.minimumTime,
            timeLimit: try Self.seconds(arguments.timeLimit) ?? pace.timeLimit
        )
    }

    private static func workloads(_ names: [String]) throws -> [Workload] {
        guard !names.isEmpty else { return Workloads.all }
        var chosen: [Workload] = []
        for name in names where !chosen.contains(where: { $0.name == name }) {
            // A mistyped subcommand arrives here too.
            chosen.append(try workload(name, orElse: ["list", "profile", "run", "serve"]))
        }
        return chosen
    }

    /// The workload of that name.
    ///
    /// - Parameter others: what else may have been meant.
    static func workload(_ name: String, orElse others: [String] = []) throws -> Workload {
        guard let workload = Workloads.named(name) else {
            throw UsageError.unknown("workload", name, known: Workloads.all.map(\.name), orElse: others)
        }
        return workload
    }

    /// The CPUs that a list names; the last one without, for the first usually serves the machine's interrupts.
    static func cpus(_ text: String?, allowed: CPUSet) throws -> CPUSet {
        guard let text else { return CPUSet(allowed.numbers.suffix(1)) }
        guard let cpus = CPUSet(list: text) else {
            throw UsageError.number("--cpus", text, allowed: "a list such as 0,2-3")
        }
        guard let missing = cpus.numbers.first(where: { !allowed.numbers.contains($0) }) else { return cpus }
        throw UsageError.number("--cpus", "\(missing)", allowed: "CPUs that this process may use: \(allowed.list)")
    }

    private static func baseline(_ text: String?, among strategies: [Strategy]) throws -> Baseline {
        guard let text else { return strategies[0].baseline }
        let named = strategies.first { $0.backend.rawValue == text || $0.name == text }
        guard let named else {
            let known = strategies.map(\.backend.rawValue) + strategies.map(\.name)
            throw UsageError.unknown("baseline", text, known: known.unique)
        }
        return named.baseline
    }

    private static func seed(_ text: String?) throws -> UInt64 {
        guard let text else { return UInt64.random(in: 0...UInt64(UInt32.max)) }
        guard let seed = UInt64(text) else {
            throw UsageError.number("--seed", text, allowed: "a whole number from 0 to \(UInt64.max)")
        }
        return seed
    }

    private static func seconds(_ text: String?) throws -> Double? {
        guard let text else { return nil }
        guard let seconds = Double(text), seconds > 0, seconds <= 86_400 else {
            throw UsageError.number("--time-limit", text, allowed: "seconds: more than 0, at most 86400")
        }
        return seconds
    }
}

/// How much time is spent where the command line does not say.
private struct Pace {
    var rounds: Int
    var minimumTime: Double
    var timeLimit: Double
    /// Seconds that the profiles of a cell take together.
    var profileDuration: Int

    static let standard = Pace(rounds: 5, minimumTime: 0.1, timeLimit: 60, profileDuration: 2)
    static let quick = Pace(rounds: 3, minimumTime: 0.05, timeLimit: 20, profileDuration: 1)
}
