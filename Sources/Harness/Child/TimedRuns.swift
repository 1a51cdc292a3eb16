// SPDX-License-Identifier: Apache-2.0

import Measurement
import Tasklets
import Workloads

/// A workload returned a wrong answer.
struct WrongAnswer: Error, Equatable, CustomStringConvertible {
    let answer: Int
    let expected: Int

    var description: String { "wrong answer: \(answer) instead of \(expected)" }
}

/// The runs of a trial, all on one scheduler and in its main tasklet.
struct TimedRuns: Sendable {
    private let workload: Workload
    private let parameters: Parameters
    private let observer: any ReadingObserver
    private let generator: GeneratorProcess?
    private let processors: BusyProcessors
    private let minimumTime: UInt64
    private let expected: Int
    private let sampler: TrialSampler?
    private let tracer: TrialTracer?
    private let isCounting: Bool
    /// The operations of one run.
    let operations: Int

    /// - Parameters:
    ///   - generator: nil if the workload has no load.
    ///   - processors: the measured ones.
    ///   - minimumTime: runs repeat until they have taken this long together, in seconds.
    ///   - planted: a cost to add to every run.
    ///   - sampler: samples the timed regions; nil in a trial without a profiler.
    ///   - tracer: traces the run; nil in a trial without a trace.
    ///   - counters: counts instead of timing; nil unless it is a counting trial.
    init(
        _ workload: Workload,
        _ parameters: Parameters,
        _ scheduler: any Scheduler,
        generator: GeneratorProcess?,
        processors: BusyProcessors,
        minimumTime: Double,
        planted: PlantedCost,
        sampler: TrialSampler? = nil,
        tracer: TrialTracer? = nil,
        counters: EventCounters? = nil
    ) {
        self.sampler = sampler
        self.tracer = tracer
        self.workload = workload
        self.parameters = parameters
        self.minimumTime = UInt64(minimumTime * 1e9)
        self.generator = generator
        self.processors = processors
        isCounting = counters != nil
        let counting = counters.map { CountingObserver(scheduler: scheduler, generator: generator, counters: $0) }
        observer =
            counting
            ?? TrialObserver(
                scheduler: scheduler,
                readsMemory: workload.quantity == .memory,
                generator: generator,
                processors: processors,
                sampler: sampler,
                tracer: tracer,
                planted: planted
            )
        expected = workload.expected(parameters)
        operations = workload.operations(parameters)
    }

    /// The readings of the timed runs, which follow a warm-up run.
    ///
    /// A workload that measures memory runs once, without a warm-up: memory touched by an earlier run would not show.
    func all() async throws -> [RunReading] {
        if let tracer { return [try await traced(by: tracer)] }
        guard workload.quantity != .memory || sampler != nil else { return [try await one()] }
        try await warmUpShortly(UntimedObserver(generator: generator, processors: processors))
        try sampler?.begin(Tasklet.scheduler)
        defer { sampler?.end() }
        var readings: [RunReading] = []
        var total: UInt64 = 0
        repeat {
            let reading = try await one()
            total += reading.elapsed
            readings.append(reading)
        } while total < minimumTime
        return readings
    }

    /// The reading of one run, with a trace of that; a shorter run before it warms up.
    private func traced(by tracer: TrialTracer) async throws -> RunReading {
        // With the same observer, whose first readings take milliseconds.
        try await warmUpShortly(observer)
        _ = observer.takeReading()
        tracer.start()
        defer { tracer.stop() }
        return try await one()
    }

    /// The readings of the runs that the parent asks for, and the turns in which it did.
    ///
    /// The main tasklet blocks its thread between turns, when no other tasklet is alive.
    func turns(_ port: TurnPort) async throws -> (readings: [RunReading], turns: [Turn]) {
        var counted = isCounting ? try await countLongRun() : nil
        let runs = workload.quantity == .memory || counted != nil ? 1 : try await warmUp()
        try port.reply(.ready)
        var readings: [RunReading] = []
        var turns: [Turn] = []
        while try port.next() == .turn {
            let (made, turn) = try await takeTurn(runs, made: counted.take())
            readings += made
            turns.append(turn)
            try port.reply(.turn(turn))
        }
        return (readings, turns)
    }

    /// The first run of a counting trial, if it is long: what a first run does more often than others is little beside
    /// that, and the trial need not run the workload twice.
    private func countLongRun() async throws -> RunReading? {
        guard workload.quantity != .memory else { return nil }
        let first = try await one()
        return first.elapsed >= Self.longRunTime ? first : nil
    }

    /// Ten turns, in nanoseconds.
    private static var longRunTime: UInt64 { 10 * turnTime }

    /// Runs once, with the values that the workload has for that.
    private func warmUpShortly(_ observer: any Observer) async throws {
        let parameters = parameters.shortened(to: workload.warmUp)
        try check(try await workload.run(parameters, observer), expected: workload.expected(parameters))
    }

    /// Runs until the workload does not get faster any more; returns how many runs a turn has.
    private func warmUp() async throws -> Int {
        guard workload.warmUp.isEmpty else {
            try await warmUpShortly(observer)
            _ = observer.takeReading()
            return 1
        }
        let end = MonotonicClock.now() + Self.warmUpTime
        var best = UInt64.max
        repeat {
            let elapsed = max(try await one().elapsed, 1)
            // The first runs may be twice as slow as later ones: memory is touched, pools are filled.
            if elapsed > best - best / 20 { break }
            best = elapsed
        } while MonotonicClock.now() < end
        let most = isCounting ? Self.mostCountedRuns : Self.mostRuns
        return Int(max(1, min(Self.turnTime / min(best, Self.turnTime), most)))
    }

    /// The longest warm-up, unless a single run takes longer, in nanoseconds.
    private static let warmUpTime: UInt64 = 20_000_000
    /// How long a turn lasts at least, unless it is a thousand runs, or a single one because its length is scheduled: much
    /// longer than the clock's resolution, and than it takes to fill the caches again after the turns of other processes.
    private static let turnTime: UInt64 = 2_000_000
    private static let mostRuns: UInt64 = 1_000
    /// The same of a counting trial: each run has files to read before and after it.
    private static let mostCountedRuns: UInt64 = 100

    /// - Parameter made: what was run already instead; nil for nothing.
    private func takeTurn(_ runs: Int, made: RunReading?) async throws -> ([RunReading], Turn) {
        var readings = [made].compactMap(\.self)
        let start = MonotonicClock.now()
        let thread = ThreadUsage.now()
        let before = SpeedYardstick.measure()
        while readings.count < runs { readings.append(try await one()) }
        let after = SpeedYardstick.measure()
        let elapsed = readings.map(\.elapsed).reduce(0, +)
        let waited = ThreadUsage.now().waited(since: thread)
        let waitedBusy = readings.map(\.waitedBusy).reduce(0, +)
        return (
            readings,
            Turn(
                start: start,
                runs: runs,
                elapsed: elapsed,
                before: before,
                after: after,
                waited: waited - min(waitedBusy, waited)
            )
        )
    }

    private func one() async throws -> RunReading {
        try check(try await workload.run(parameters, observer), expected: expected)
        return observer.takeReading()
    }

    private func check(_ answer: Int, expected: Int) throws {
        guard answer == expected else { throw WrongAnswer(answer: answer, expected: expected) }
    }
}
