// SPDX-License-Identifier: Apache-2.0

import CSampling
import FoundationEssentials
import Glibc
import Tasklets
import Testing

@testable import Profiling

/// Each case runs in a child process: gperftools takes one profile at a time per process.
///
/// Serialized, because each case uses two processors.
@Suite(.serialized, .enabled(if: OwnProcess.hasProfiler, "libprofiler.so.0 of gperftools is missing"))
struct `Tasklets that are sampled as often as can be` {
    /// The environment variable `SWITCHYARD_SAMPLING_SECONDS` makes each case run that long and print its counts.
    @Test(arguments: SampledConfiguration.all)
    func `They continue, and each sample is attributed to one of them`(configuration: SampledConfiguration) async throws
    {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [configuration = configuration as SampledConfiguration] in
            var counts = StormCounts()
            let end = monotonicSeconds() + Storm.seconds
            // A round may end before tasklets have had the processor for long.
            repeat {
                counts.add(try Storm.round(configuration))
            } while monotonicSeconds() < end || (!counts.areOfTasklets && counts.rounds < 100)
            print(counts)
            for objection in counts.objections { print(objection) }
            #expect(counts.objections == [])
        }
        let output = String(decoding: try #require(result).standardOutputContent, as: UTF8.self)
        // A failure in another process reports only its line.
        if Storm.isLong || output.contains(StormCounts.objection) {
            print("\(configuration.testDescription): \(output)", terminator: "")
        }
    }
}

private func monotonicSeconds() -> Int {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return now.tv_sec
}

/// Counts of samples.
struct StormCounts: CustomStringConvertible {
    var rounds = 0
    var signals = 0
    var samples = 0
    var ofTasklets = 0
    var ofScheduler = 0
    var untold = 0
    var deepest = 0
    var lost = 0
    /// Labels that no tasklet has.
    var strangers: Set<String> = []

    /// Whether enough samples are of tasklets.
    var areOfTasklets: Bool { ofTasklets > Storm.samples / 50 }

    static let objection = "expected"

    /// What is wrong with the counts.
    var objections: [String] {
        var objections: [String] = []
        if samples < Storm.samples { objections.append("\(Self.objection) more samples") }
        if !areOfTasklets { objections.append("\(Self.objection) more samples of tasklets") }
        if !strangers.isEmpty { objections.append("\(Self.objection) no tasklets \(strangers.sorted())") }
        if lost > 0 { objections.append("\(Self.objection) room for every sample") }
        if untold > 0 { objections.append("\(Self.objection) a stack for every sample") }
        return objections
    }

    mutating func add(_ other: StormCounts) {
        rounds += 1
        signals += other.signals
        samples += other.samples
        ofTasklets += other.ofTasklets
        ofScheduler += other.ofScheduler
        untold += other.untold
        deepest = max(deepest, other.deepest)
        lost += other.lost
        strangers.formUnion(other.strangers)
    }

    mutating func add(_ stack: LabelledStack, names: [String]) {
        samples += stack.count
        deepest = max(deepest, stack.addresses.count)
        if stack.addresses.isEmpty { untold += stack.count }
        switch stack.owner {
        case .outside: break
        case .scheduler: ofScheduler += stack.count
        case .tasklet(let label):
            ofTasklets += stack.count
            let index = Int(label) - 1
            let name = names.indices.contains(index) ? names[index] : "label \(label)"
            if !Storm.names.contains(name) { strangers.insert(name) }
        }
    }

    var description: String {
        "\(rounds) rounds, \(signals) signals, \(samples) samples: \(ofTasklets) of tasklets, \(ofScheduler) of the"
            + " scheduler; \(untold) without a stack, \(deepest) frames at most, \(lost) lost"
    }
}
