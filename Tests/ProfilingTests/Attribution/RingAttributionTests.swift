// SPDX-License-Identifier: Apache-2.0

import CSampling
import FoundationEssentials
import Glibc
import ParameterValues
import Tasklets
import Testing
import Workloads

@testable import Profiling

/// The workload `ring` shares names with the scheduler: its tasklets form a ring, in a file `Ring.swift`.
@Suite(
    .enabled(if: OwnProcess.hasProfiler, "libprofiler.so.0 of gperftools is missing"),
    .enabled(if: OwnProcess.hasSymbolizer, "llvm-symbolizer or swift-demangle is missing")
)
struct `The workload ring under the profiler` {
    @Test func `Its own time is user, and only the queues' is run queue`() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            let profile = try await RingSamples.take()
            let own = Leaves(profile) { $0.module == "Workloads" }
            let queues = Leaves(profile, where: Landmarks.queues.match)
            let isRight = own.activities == [.user] && queues.activities == [.runQueue]
            // A failure in another process reports only its line.
            if !isRight { print("own time: \(own), queues: \(queues)") }
            #expect(isRight)
        }
        print(String(decoding: try #require(result).standardOutputContent, as: UTF8.self), terminator: "")
    }
}

/// The activities of the ring's tasklets in certain functions themselves.
private struct Leaves: CustomStringConvertible {
    private let counts: [String: Int]
    let activities: Set<Activity>

    init(_ profile: Attribution, where isWanted: (Frame) -> Bool) {
        let stacks = profile.stacks.filter { $0.tasklet == "node" && $0.frames.first.map(isWanted) ?? false }
        activities = Set(stacks.map(\.activity))
        let named = stacks.map { ("\($0.frames[0].function) \($0.activity)", $0.count) }
        counts = Dictionary(named, uniquingKeysWith: +)
    }

    var description: String { "\(counts)" }
}

/// Runs in a child process: gperftools takes one profile at a time per process.
private enum RingSamples {
    private struct Failure: Error {}

    static func take() async throws -> Attribution {
        let path = "\(FileManager.default.temporaryDirectory.path)/switchyard-\(UInt64.random(in: 0...(.max))).prof"
        defer { unlink(path) }
        let samples = 2_000
        let scheduler = try SampledConfiguration(backend: "epoll", switching: .soft).makeScheduler()
        let profiler = try CPUProfiler(frequency: 100, capacity: 2 * samples * 256)
        try profiler.start(scheduler, writingTo: path)
        profiler.resume()
        guard storm_begin(CInt(samples)) else { throw Failure() }
        let outcome = Result { try onPlainThread { try run(on: scheduler) } }
        _ = storm_end()
        profiler.stop()
        try outcome.get()
        let process = SampledProcess(
            samples: ProcessSamples(
                labels: CPUProfiler.labels,
                stacks: profiler.stacks,
                lost: profiler.lost,
                rest: 0,
                cpuTime: 0,
                elapsed: 0,
                operations: 0
            ),
            file: try GperftoolsFile(bytes: #require(OwnProcess.bytes(path)), name: path)
        )
        return try await Attribution([process], try Symbolizer())
    }

    /// Runs the workload until there are enough samples.
    private static func run(on scheduler: any Scheduler) throws {
        let ring = try #require(Workloads.named("ring"))
        let parameters = Parameters(["nodes": 10, "hops": 10_000])
        try scheduler.run {
            storm_on_this_thread()
            while !storm_is_over() {
                guard try await ring.run(parameters, Unobserved()) == ring.expected(parameters) else { throw Failure() }
            }
        }
    }
}

private struct Unobserved: Observer {
    private struct Unneeded: Error {}

    func mark(_ moment: Moment) {}
    func record(_ waits: [UInt64], as series: Series) {}
    func note(_ figure: NamedFigure, _ value: Double) {}

    func load(_ program: LoadProgram) throws -> LoadGenerator { throw Unneeded() }
    func keepingBusy<R>(_ body: () async throws -> R) async throws -> R? { throw Unneeded() }
}
