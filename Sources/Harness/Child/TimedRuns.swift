// SPDX-License-Identifier: Apache-2.0

import Measurement
import Tasklets
import Workloads

/// A workload returned something else than its right answer.
struct WrongAnswer: Error, Equatable, CustomStringConvertible {
    let answer: Int
    let expected: Int

    var description: String { "wrong answer: \(answer) instead of \(expected)" }
}

/// The runs of one trial, all on one scheduler and in its main tasklet.
struct TimedRuns: Sendable {
    private let workload: Workload
    private let parameters: Parameters
    private let observer: TrialObserver
    private let load: LoadThread
    private let minimumTime: UInt64
    private let expected: Int
    private let profile: TrialProfile?
    /// How many operations one run performs.
    let operations: Int

    /// - Parameters:
    ///   - minimumTime: in seconds; runs are repeated until they have taken this long together.
    ///   - profile: is taken of what is timed.
    init(
        _ workload: Workload,
        _ parameters: Parameters,
        _ scheduler: any Scheduler,
        load: LoadThread,
        minimumTime: Double,
        profile: TrialProfile? = nil
    ) {
        self.profile = profile
        self.workload = workload
        self.parameters = parameters
        self.minimumTime = UInt64(minimumTime * 1e9)
        self.load = load
        observer = TrialObserver(
            scheduler: scheduler,
            readsMemory: workload.quantity == .memory,
            load: load,
            profile: profile
        )
        expected = workload.expected(parameters)
        operations = workload.operations(parameters)
    }

    /// The readings of all timed runs, after an untimed one except where the workload is about memory.
    ///
    /// Memory is read in one run without a warm-up: what an earlier run has touched would not show.
    func all() async throws -> [RunReading] {
        guard workload.quantity != .memory || profile != nil else { return [try await one()] }
        try check(try await workload.run(parameters, Unobserved(load: load)))
        try profile?.begin(Tasklet.scheduler)
        defer { profile?.end() }
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
