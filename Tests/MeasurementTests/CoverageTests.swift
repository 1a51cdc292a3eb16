// SPDX-License-Identifier: Apache-2.0

import Glibc
import SeededRandom
import TestSupport
import Testing

@testable import Measurement

/// Simulated runs of cells whose true values are known.
@Suite(.serialized, .enabled(if: Build.isOptimized, "it takes half a minute without optimization"))
struct `Intervals cover the truth as often as they claim` {
    private static let counts = [3, 4, 5, 6, 8, 10, 15, 20, 30, 40]
    private static let runs = 4_000

    /// Where the interval covers the truth, the p-value of the truth is above 5 %, which is quicker to compute.
    ///
    /// On a thread of its own: the runtime's pool has as few threads as processors, and other tests need them.
    private func coverage(
        runs: Int = Self.runs,
        _ probability: @escaping @Sendable (inout SplitMix64) -> Double?
    ) async throws -> Double {
        try await onItsOwnThread {
            var random = SplitMix64(seed: 4)
            let covered = (0..<runs).count { _ in (probability(&random) ?? 0) > 0.05 }
            return 100 * Double(covered) / Double(runs)
        }
    }

    @Test(arguments: counts) func `Of a mean`(count: Int) async throws {
        let coverage = try await coverage { random in
            TrimmedMean(of: Self.normal(count, &random)).flatMap { mean in
                mean.squaredError.map { StudentT.outside(mean.mean / $0.squareRoot(), freedom: mean.freedom) }
            }
        }
        #expect(abs(coverage - 95) <= 1.5, "\(coverage)")
    }

    @Test(arguments: counts) func `Of a ratio`(count: Int) async throws {
        let coverage = try await coverage { random in
            let (own, other) = (Self.normal(count, &random), Self.normal(count, &random))
            return Comparison(of: own.map { exp($0 / 10) }, to: other.map { exp($0 / 10) })?.probability
        }
        #expect(abs(coverage - 95) <= 1.5, "\(coverage)")
    }

    @Test(arguments: counts) func `Of a ratio of cells whose processes are now and then unlucky`(count: Int)
        async throws
    {
        let coverage = try await coverage { random in
            let (own, other) = (Self.unlucky(count, &random), Self.unlucky(count, &random))
            return Comparison(of: own.map { exp($0 / 10) }, to: other.map { exp($0 / 10) })?.probability
        }
        #expect(abs(coverage - 95) <= 1.5, "\(coverage)")
    }

    @Test(arguments: [(6, 20), (6, 40), (10, 40)])
    func `Of a ratio of cells that differ in scatter and in the number of processes`(few: Int, many: Int) async throws {
        for scatter in [1, 0.2] {
            let coverage = try await coverage { random in
                let own = Self.normal(few, &random).map { exp($0 / 10 * scatter) }
                return Comparison(of: own, to: Self.normal(many, &random).map { exp($0 / 10 * (1.2 - scatter)) })?
                    .probability
            }
            #expect(abs(coverage - 95) <= 1.5, "\(scatter): \(coverage)")
        }
    }

    /// The logarithm of a time is that of the work and a share of the speed's.
    @Test(arguments: [0, 0.5, 1]) func `Of a ratio of two runs, whatever the machine's speed does to it`(share: Double)
        async throws
    {
        for count in [3, 4, 6, 12] {
            let coverage = try await coverage { random in
                let rows = [0, 0.3].map { slowdown in
                    let yardsticks = Self.normal(count, &random).map { slowdown + $0 / 10 }
                    let times = zip(yardsticks, Self.normal(count, &random)).map { share * $0 + $1 / 10 }
                    return Self.row(times.map { exp($0) }, yardsticks: yardsticks.map { exp($0) })
                }
                return CrossRunComparison(of: rows[1], to: rows[0])?.probability
            }
            #expect(coverage >= 93.5, "\(count): \(coverage)")
        }
    }

    private static func row(_ values: [Double], yardsticks: [Double]) -> MeasuredRow {
        let cell = CellLabel(workload: "yield", parameters: "", backend: "epoll", switching: "soft", cpus: "1")
        let metric = Metric.time("switch")
        return MeasuredRow(cell: cell, metric: metric, status: .ok, figure: 1, values: values, yardsticks: yardsticks)
    }

    @Test(arguments: [2, 3, 5]) func `Of the mean ratio of several workloads`(workloads: Int) async throws {
        for count in [3, 4, 6, 10, 20] {
            let coverage = try await coverage { random in
                let parts = (0..<workloads).compactMap { _ -> Comparison? in
                    let (own, other) = (Self.normal(count, &random), Self.normal(count, &random))
                    return Comparison(of: Self.byRound(own), inRoundsOf: Self.byRound(other))
                }
                return Comparison(meanOf: parts)?.probability
            }
            #expect((93.5...97).contains(coverage), "\(count): \(coverage)")
        }
    }

    @Test func `Of the mean ratio of workloads that differ in scatter`() async throws {
        for count in [3, 6, 12] {
            let coverage = try await coverage { random in
                let parts = [1, 0.5, 0.2].compactMap { scatter -> Comparison? in
                    let own = Self.normal(count, &random).map { $0 * scatter }
                    return Comparison(of: Self.byRound(own), inRoundsOf: Self.byRound(own.map { _ in 0 }))
                }
                return Comparison(meanOf: parts)?.probability
            }
            #expect((93.5...97).contains(coverage), "\(count): \(coverage)")
        }
    }

    private static func byRound(_ logarithms: [Double]) -> [Int: Double] {
        Dictionary(uniqueKeysWithValues: logarithms.enumerated().map { ($0, exp($1 / 10)) })
    }

    @Test func `The effect that a comparison claims to find is found in nine of ten runs`() throws {
        var random = SplitMix64(seed: 5)
        var (found, effects) = (0, 0.0)
        for _ in 0..<Self.runs {
            let own = Self.normal(12, &random).map { exp($0 / 50 + log(1.029)) }
            let comparison = try #require(Comparison(of: own, to: Self.normal(12, &random).map { exp($0 / 50) }))
            effects += try #require(comparison.smallestEffect)
            if try #require(comparison.probability) < 0.05 { found += 1 }
        }
        // The mean of the claims is the planted effect.
        #expect(abs(effects / Double(Self.runs) - 1.029) < 0.001)
        #expect(abs(Double(found) / Double(Self.runs) - 0.9) < 0.03)
    }

    @Test(arguments: [0.01, 0.02, 0.03, 0.04]) func `Of a ratio whose rounds end when it looks settled`(scatter: Double)
        async throws
    {
        let coverage = try await coverage(runs: 800) { random in
            let differences = Self.normal(60, &random).map { $0 * scatter }
            var comparison: Comparison?
            for count in 8...60 {
                let own = Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, exp(differences[$0])) })
                comparison = Comparison(of: own, inRoundsOf: own.mapValues { _ in 1 }, stopping: .whenSettled(after: 0))
                if comparison.map(Settlement.isSettled) ?? false { break }
            }
            return comparison?.probability
        }
        #expect(coverage >= 93.5, "\(coverage)")
    }

    /// Normal values with mean 0 and standard deviation 1: Box and Muller.
    private static func normal(_ count: Int, _ random: inout SplitMix64) -> [Double] {
        (0..<count).map { _ in
            let radius = (-2 * log(Double.random(in: .leastNonzeroMagnitude..<1, using: &random))).squareRoot()
            return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &random))
        }
    }

    /// The same, but every tenth is four times as far off.
    private static func unlucky(_ count: Int, _ random: inout SplitMix64) -> [Double] {
        normal(count, &random).map { Int.random(in: 0..<10, using: &random) == 0 ? 4 * $0 : $0 }
    }
}

@Suite struct `A comparison` {
    @Test func `Of cells that differ by a factor has that ratio`() throws {
        let comparison = try #require(Comparison(of: [2, 4, 8], to: [1, 2, 4]))
        #expect(abs(comparison.ratio - 2) < 1e-12)
        let interval = try #require(comparison.interval)
        #expect(interval.contains(2) && interval.contains(1))
    }

    @Test func `Has the ends of its interval where the p-value is 5 per cent`() throws {
        let (own, other) = ([10, 11, 12.5, 9.5], [7, 8, 8.5])
        let interval = try #require(Comparison(of: own, to: other)?.interval)
        for end in [interval.low, interval.high] {
            let probability = Comparison(of: own.map { $0 / end }, to: other)?.probability
            #expect(abs(try #require(probability) - 0.05) < 1e-6)
        }
    }

    @Test func `Of fewer than three processes has no interval`() throws {
        let comparison = try #require(Comparison(of: [1, 2], to: [1, 2, 3, 4]))
        #expect(comparison.interval == nil && comparison.probability == nil && comparison.smallestEffect == nil)
        #expect(Verdict(comparison, corrected: nil) == .unknown)
        #expect(TrimmedMean(of: [1, 2])?.interval() == nil)
    }

    @Test func `With a value that is not positive, or without values, is none`() {
        #expect(Comparison(of: [1, 0, 1], to: [1, 1, 1]) == nil)
        #expect(Comparison(of: [], to: [1, 1, 1]) == nil)
    }

    @Test func `Of equal values is certain`() throws {
        #expect(try #require(Comparison(of: [1, 1, 1], to: [1, 1, 1])).probability == 1)
        #expect(try #require(Comparison(of: [2, 2, 2], to: [1, 1, 1])).probability == 0)
    }

    @Test func `Is not decided by one process of eight`() throws {
        let usual = [1, 1.01, 0.99, 1, 1.01, 0.99, 1]
        let comparison = try #require(Comparison(of: usual + [3], to: usual + [1]))
        #expect(comparison.ratio < 1.01)
    }

    @Test func `Within one per cent is negligible, however certain`() throws {
        let comparison = try #require(Comparison(of: [1.005, 1.0051, 1.0049], to: [1, 1.0001, 0.9999]))
        #expect(try #require(comparison.probability) < 0.01)
        #expect(Verdict(comparison, corrected: comparison.probability) == .negligible)
    }

    @Test func `Is undecided where its corrected p-value is not below 5 per cent`() throws {
        let comparison = try #require(Comparison(of: [1.05, 1.06, 1.07], to: [1, 1.01, 1.02]))
        #expect(Verdict(comparison, corrected: 0.04) == .different)
        #expect(Verdict(comparison, corrected: 0.06) == .undecided)
    }
}

@Suite struct `Holm's correction` {
    @Test func `Multiplies by the number of those not yet rejected, and never reorders`() {
        let corrected = Holm.corrected([0.01, 0.04, 0.03, 0.005])
        for (value, expected) in zip(corrected, [0.03, 0.06, 0.06, 0.02]) { #expect(abs(value - expected) < 1e-12) }
    }

    @Test func `Leaves a single comparison as it is, and none above 1`() {
        #expect(Holm.corrected([0.04]) == [0.04])
        #expect(Holm.corrected([0.9, 0.8]) == [1, 1])
        #expect(Holm.corrected([]).isEmpty)
    }
}
