// SPDX-License-Identifier: Apache-2.0

import Backends
import Harness
import Measurement
import Reports
import Workloads

extension RunRequest {
    /// Checks the arguments; with `--against`, finds the other build, or builds it.
    ///
    /// - Throws: ``UsageError`` for the first argument that cannot be used.
    init(_ arguments: RunArguments, allowedCPUs: CPUSet) throws {
        let suite = try Self.suite(arguments)
        let parts = try Self.parts(arguments, suite)
        let selection = try CellSelection(arguments, parts, allowedCPUs: allowedCPUs)
        let hasPeers = arguments.peers != nil || suite.peers != nil
        let isIsolated = hasPeers ? Peers.isolate() : nil
        let peers = try arguments.peers.map(Peers.find) ?? suite.peers.map(Peers.available) ?? []
        let cells = try selection.cells(with: peers)
        guard peers.isEmpty || arguments.against == nil else {
            throw UsageError("--peers cannot be combined with --against, which compares two builds of bench")
        }
        let baseline = try Self.baseline(arguments, among: selection.baselines)
        let pace = arguments.quick ? Pace.quick : .standard
        let suiteBudget = arguments.quick ? nil : suite.budget(peers: peers.count)
        let budget = suiteBudget ?? pace.budget(workloads: parts.count)
        let rounds = try UsageError.whole("--rounds", arguments.rounds, in: 1...1_000)
        let plan = Plan(
            cells: arguments.against.map { name in cells.flatMap { [$0.on(build: name), $0] } } ?? cells,
            rounds: rounds ?? pace.rounds,
            budget: rounds == nil ? budget : nil,
            seed: try Self.seed(arguments.seed),
            minimumTime: pace.minimumTime,
            timeLimit: try Self.seconds(arguments.timeLimit) ?? pace.timeLimit,
            plantedCost: try Self.plantedCost(arguments.planted, hasOtherBuild: arguments.against != nil),
            peers: peers.isEmpty ? nil : Dictionary(peers.map { ($0.backend, $0.path) }) { first, _ in first },
            comparingParameters: Set(parts.map(\.workload).filter { !$0.combinations.isEmpty }.map(\.name)).nonEmpty
        )
        let sampling = arguments.profile ? SamplingPlan(duration: pace.samplingDuration) : nil
        let otherBuild = try arguments.against.map { try OtherBuild.find($0) }
        self.init(
            plan: plan,
            suite: suite == .seed ? QuestionsScreen.suite : nil,
            baseline: baseline,
            otherBuild: otherBuild,
            peers: peers.map(\.description),
            isIsolated: isIsolated,
            sampling: sampling,
            isTraced: arguments.trace,
            hasPlots: !arguments.noPlots
        )
    }

    private static func suite(_ arguments: RunArguments) throws -> Suite {
        guard let name = arguments.suite else { return .standard }
        let given = arguments.workloads.first.map { "'\($0)'" } ?? arguments.load.map { "--load \($0)" }
        if let given { throw UsageError("--suite cannot be combined with \(given), which chooses workloads, too") }
        return try Suite(named: name)
    }

    private static func parts(_ arguments: RunArguments, _ suite: Suite) throws -> [SuitePart] {
        let names = try arguments.workloads + kinds(arguments.load).flatMap(\.workloads)
        guard !names.isEmpty else { return suite.parts }
        // A mistyped subcommand is parsed as a workload.
        return try names.unique.map { SuitePart(workload: try Selection.workload($0, orElse: subcommands)) }
    }

    private static func kinds(_ text: String?) throws -> [LoadKind] {
        try (text?.split(separator: ",", omittingEmptySubsequences: false) ?? []).map { name in
            guard let kind = LoadKind(rawValue: String(name)) else {
                throw UsageError.unknown("kind of load", String(name), known: LoadKind.allCases.map(\.rawValue))
            }
            return kind
        }
    }

    private static let subcommands = ["compare", "doctor", "list", "profile", "report", "run", "serve"]

    private static func baseline(_ arguments: RunArguments, among variants: [SchedulerVariant]) throws -> Baseline {
        if let build = arguments.against {
            guard arguments.baseline == nil else {
                throw UsageError("--baseline cannot be combined with --against, whose build is the baseline")
            }
            return .build(build)
        }
        guard let text = arguments.baseline else { return variants[0].baseline }
        let named = variants.first { $0.backend.rawValue == text || $0.name == text }
        guard let named else {
            let known = variants.map(\.backend.rawValue) + variants.map(\.name)
            throw UsageError.unknown("baseline", text, known: known.unique)
        }
        return named.baseline
    }

    private static func seed(_ text: String?) throws -> UInt64 {
        guard let text else { return UInt64.random(in: 0...UInt64(UInt32.max)) }
        guard let seed = UInt64(text) else {
            throw UsageError.invalid("--seed", text, expected: "a whole number from 0 to \(UInt64.max)")
        }
        return seed
    }

    private static func plantedCost(_ text: String?, hasOtherBuild: Bool) throws -> Double? {
        guard let text else { return nil }
        guard hasOtherBuild else { throw UsageError("--planted needs --against") }
        guard let percent = Double(text), percent >= 0, percent <= 1_000 else {
            throw UsageError.invalid("--planted", text, expected: "a percentage from 0 to 1000")
        }
        return percent
    }

    private static func seconds(_ text: String?) throws -> Double? {
        guard let text else { return nil }
        guard let seconds = Double(text), seconds > 0, seconds <= 86_400 else {
            throw UsageError.invalid("--time-limit", text, expected: "more than 0 and at most 86400 seconds")
        }
        return seconds
    }
}

/// The defaults of the options that decide how long a run takes.
private struct Pace {
    /// The processes of every cell.
    var rounds: Int
    /// Seconds for all workloads, however many.
    var total: Double
    /// Seconds for one of them.
    var each: Double
    /// Seconds that a process measures.
    var minimumTime: Double
    var timeLimit: Double
    /// Sampled seconds per cell.
    var samplingDuration: Int

    func budget(workloads: Int) -> Double { min(total, each * Double(workloads)) }

    static let standard = Pace(
        rounds: 4,
        total: 168,
        each: 30,
        minimumTime: 0.01,
        timeLimit: 60,
        samplingDuration: 2
    )
    static let quick = Pace(rounds: 3, total: 60, each: 12, minimumTime: 0.015, timeLimit: 20, samplingDuration: 1)
}

extension Set {
    /// Nil in place of the empty set.
    fileprivate var nonEmpty: Set? { isEmpty ? nil : self }
}
