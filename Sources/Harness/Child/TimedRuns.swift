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
    private let observer: TrialObserver
    private let load: LoadThread
    private let minimumTime: UInt64
    private let expected: Int
    private let sampler: TrialSampler?
    /// The operations of one run.
    let operations: Int

    /// - Parameters:
    ///   - minimumTime: runs repeat until they have taken this long together, in seconds.
    ///   - sampler: samples the timed regions; nil in a trial without a profiler.
    init(
        _ workload: Workload,
        _ parameters: Parameters,
        _ scheduler: any Scheduler,
        load: LoadThread,
        minimumTime: Double,
        sampler: TrialSampler? = nil
    ) {
        self.sampler = sampler
        self.workload = workload
        self.parameters = parameters
        self.minimumTime = UInt64(minimumTime * 1e9)
        self.load = load
        observer = TrialObserver(
            scheduler: scheduler,
            readsMemory: workload.quantity == .memory,
            load: load,
            sampler: sampler
        )
        expected = workload.expected(parameters)
        operations = workload.operations(parameters)
    }

    /// The readings of the timed runs, which follow a warm-up run.
    ///
    /// A workload that measures memory runs once, without a warm-up: memory touched by an earlier run would not show.
    func all() async throws -> [RunReading] {
        guard workload.quantity != .memory || sampler != nil else { return [try await one()] }
        try check(try await workload.run(parameters, UntimedObserver(load: load)))
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

    private func one() async throws -> RunReading {
        try check(try await workload.run(parameters, observer))
        return observer.takeReading()
    }

    private func check(_ answer: Int) throws {
        guard answer == expected else { throw WrongAnswer(answer: answer, expected: expected) }
    }
}
