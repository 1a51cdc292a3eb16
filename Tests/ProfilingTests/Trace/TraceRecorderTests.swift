// SPDX-License-Identifier: Apache-2.0

import Tasklets
import Testing

@testable import Profiling

/// Each case runs in a process of its own, which has one recorder at most.
@Suite
struct `A recorder of who runs when` {
    @Test(arguments: SampledConfiguration.all)
    func `Runs and waits are all of every tasklet's life, and name what it waited for`(
        configuration: SampledConfiguration
    ) async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [configuration = configuration as SampledConfiguration] in
            let objections = Self.objections(to: try TracedProgram.trace(on: configuration))
            for objection in objections { print("\(configuration.testDescription): \(objection)") }
            #expect(objections == [])
        }
        // A failure in another process reports only its line.
        print(String(decoding: try #require(result).standardOutputContent, as: UTF8.self), terminator: "")
    }

    private static func objections(to trace: Trace) -> [String] {
        let profile = WaitProfile(trace)
        let waits = Dictionary(uniqueKeysWithValues: profile.rows.map { ($0.name, Set($0.waits.map(\.title))) })
        let expected = [
            ("victim", "channel: receive on 'silence'"), ("waiter", "one-shot"), ("main", "timer"),
        ]
        let missing = expected.filter { waits[$0]?.contains($1) != true }.map { "\($0) did not wait for \($1)" }
        let gaps = profile.rows.filter { $0.largestGap > 0 }.map { "the life of \($0.name) has a gap" }
        let count = profile.rows.first { $0.name == "short" }?.tasklets
        return missing + gaps
            + [
                profile.failure, profile.isCut ? "it is cut" : nil, count == 3 ? nil : "not 3 short ones",
                waits["main"]?.contains { $0.hasPrefix("socket: ") } == true ? nil : "main did not wait for a socket",
            ].compactMap(\.self)
    }

    @Test(arguments: SampledConfiguration.all)
    func `No thread runs two tasklets at a time`(configuration: SampledConfiguration) async throws {
        await #expect(processExitsWith: .success) { [configuration = configuration as SampledConfiguration] in
            let runs = TaskletRuns(try TracedProgram.trace(on: configuration)).runs
            for (_, runs) in Dictionary(grouping: runs, by: \.thread) {
                for (run, next) in zip(runs, runs.dropFirst()) { #expect(run.end <= next.start) }
            }
            #expect(runs.contains { $0.wakeUp.map { $0.waker != 0 } ?? false })
        }
    }

    @Test
    func `What does not fit is left out, and the trace says so`() async throws {
        await #expect(processExitsWith: .success) {
            let recorder = TraceRecorder.turnOn(capacity: 10)
            let scheduler = try SampledConfiguration(backend: "round-robin", switching: .soft).makeScheduler()
            try scheduler.run {
                recorder.start()
                for _ in 0..<10 {
                    let short = Tasklet.spawn("short") {}
                    try await short.join()
                }
                recorder.stop()
            }
            #expect(recorder.trace.events.count == 10)
            #expect(recorder.trace.isCut)
            #expect(WaitProfile(recorder.trace).failure == nil)
        }
    }
}
