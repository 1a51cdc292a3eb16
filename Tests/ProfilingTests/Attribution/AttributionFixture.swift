// SPDX-License-Identifier: Apache-2.0

import Measurement
import ParameterValues

@testable import Profiling

/// Made-up samples of several processes.
enum AttributionFixture {
    /// A stack of one process.
    struct Entry {
        var owner: Owner
        /// The functions, the innermost first.
        var functions: [String]
        /// Milliseconds.
        var time: UInt64
    }

    static let tasklets = ["producer", "consumer"]

    /// A process with one sample per entry, each at distinct addresses.
    static func process(_ entries: [Entry], operations: Int = 1_000_000) -> (SampledProcess, [UInt64: [Frame]]) {
        var frames: [UInt64: [Frame]] = [:]
        var stacks: [LabelledStack] = []
        for (index, entry) in entries.enumerated() {
            let addresses = entry.functions.indices.map { UInt64(1_000 * (index + 1) + 10 * $0) }
            for (address, function) in zip(addresses, entry.functions) {
                // Callers are looked up one byte earlier.
                frames[address == addresses[0] ? address : address - 1] = [frame(function)]
            }
            stacks.append(
                LabelledStack(owner: entry.owner, addresses: addresses, count: 1, time: entry.time * 1_000_000)
            )
        }
        let time = entries.reduce(0) { $0 + $1.time } * 1_000_000
        let samples = ProcessSamples(
            labels: tasklets,
            stacks: stacks,
            lost: 0,
            rest: 0,
            cpuTime: time,
            elapsed: 2 * time,
            operations: operations
        )
        let bytes = GperftoolsFileBytes.profile(
            period: 4_000,
            stacks.filter { !$0.addresses.isEmpty }.map { (UInt64($0.count), $0.addresses) }
        )
        guard let file = try? GperftoolsFile(bytes: bytes, name: "made up") else {
            preconditionFailure("the bytes are no profile")
        }
        return (SampledProcess(samples: samples, file: file), frames)
    }

    static func profile(_ processes: [[Entry]], operations: Int = 1_000_000) -> Attribution {
        let made = processes.map { process($0, operations: operations) }
        return Attribution(made.map(\.0), frames: made.map(\.1))
    }

    /// A function of a backend if its name begins with `Epoll`, else of a workload.
    private static func frame(_ function: String) -> Frame {
        let path = function.split(separator: ".").map { String($0.prefix { $0 != "(" }) }
        return Frame(function: function, module: function.hasPrefix("Epoll") ? "EpollBackend" : "Workloads", path: path)
    }

    static let cell = Cell(
        workload: "ping-pong",
        parameters: [:],
        backend: "epoll",
        switching: "soft",
        cpus: "1",
        metric: .time("round-trip")
    )

    /// A trial with a given processor time per operation, in nanoseconds.
    static func trial(_ cpuTime: Double, round: Int = 1) -> TrialRecord {
        TrialRecord(
            trial: Trial(cell: cell, round: round, minimumTime: 1, timeLimit: 60),
            status: .ok,
            measures: [Measure(.cpuTime, cpuTime), Measure(.time("round-trip"), 2 * cpuTime)]
        )
    }
}
