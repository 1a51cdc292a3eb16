// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Tasklets
import Testing

@testable import Profiling

@Suite
struct `A trace file` {
    @Test
    func `It follows the trace-event format`() throws {
        let file = try TraceFile(TraceFixture.pair.trace)
        #expect(file.objections == [])
        #expect(file.displayTimeUnit == "ns")
        #expect(file.events("X").map(\.name) == ["main", "peer \"x\"", "main", "peer \"x\"", "epoll_pwait2"])
        #expect(file.events("M").map(\.args?.name) == ["ping-pong", "thread 1", "thread 2"])
    }

    @Test
    func `Times are microseconds after the first event`() throws {
        let runs = try TraceFile(TraceFixture.pair.trace).events("X")
        #expect(runs.map(\.ts) == [0, 0.4, 0.6, 1.01, 0.75])
        #expect(runs.map(\.dur) == [0.3, 0.2, 0.1, 0.04, 0.25])
    }

    @Test
    func `A call that began before the first event begins with it`() throws {
        var fixture = TraceFixture()
        fixture.add(.run, 1_000, 1)
        fixture.add(.end, 1_300, 1)
        fixture.addCall(endingAt: 1_400, duration: 900)
        let file = try TraceFile(fixture.trace)
        #expect(file.events("X").map(\.ts) == [0, 0])
        #expect(file.events("X").map(\.dur) == [0.3, 0.4])
    }

    @Test
    func `An arrow leads from the moment of a wake-up to the run, and none where no tasklet woke another`() throws {
        let file = try TraceFile(TraceFixture.pair.trace)
        #expect(file.events("s").map(\.ts) == [0.1, 0.45])
        #expect(file.events("f").map(\.ts) == [0.4, 0.6])
        #expect(file.events("f").allSatisfy { $0.bp == "e" })
    }

    @Test(arguments: SampledConfiguration.all)
    func `The trace of a program follows the format on every scheduler`(
        configuration: SampledConfiguration
    ) async throws {
        await #expect(processExitsWith: .success) { [configuration = configuration as SampledConfiguration] in
            let file = try TraceFile(try TracedProgram.trace(on: configuration))
            for objection in file.objections { print(objection) }
            #expect(file.objections == [])
            #expect(file.traceEvents.contains { $0.cat == "system call" } || configuration.backend == "nio")
        }
    }
}

/// A trace file, read again.
private struct TraceFile: Decodable {
    struct Event: Decodable {
        struct Arguments: Decodable {
            var name: String?
            var tasklet: UInt64?
        }
        var name: String
        var ph: String
        var pid: Int
        var tid: Int?
        var cat: String?
        var ts: Double?
        var dur: Double?
        var id: Int?
        var bp: String?
        var s: String?
        var args: Arguments?
    }
    var displayTimeUnit: String
    var traceEvents: [Event]

    init(_ trace: Trace) throws {
        let text = try ChromeTrace(trace, TaskletRuns(trace), title: "ping-pong").text()
        self = try JSONDecoder().decode(TraceFile.self, from: Data(text.utf8))
    }

    func events(_ phase: String) -> [Event] { traceEvents.filter { $0.ph == phase } }

    /// What the format does not allow.
    ///
    /// - SeeAlso: "Trace Event Format": complete events nest within a thread; a flow begins inside a slice, and ends at
    ///   one.
    var objections: [String] {
        let phases = traceEvents.filter { !["X", "M", "s", "f", "i"].contains($0.ph) }.map { "phase \($0.ph)" }
        let untimed = traceEvents.filter { $0.ph != "M" && ($0.ts == nil || $0.tid == nil) }.map {
            "no time: \($0.name)"
        }
        let endless = events("X").filter { ($0.dur ?? -1) < 0 }.map { "no duration: \($0.name)" }
        let unscoped = events("i").filter { $0.s == nil }.map { "no scope: \($0.name)" }
        return phases + untimed + endless + unscoped + overlaps + looseArrows
    }

    private var overlaps: [String] {
        Dictionary(grouping: events("X"), by: \.tid).values.flatMap { slices in
            let sorted = slices.sorted { (($0.ts ?? 0), -($0.dur ?? 0)) < (($1.ts ?? 0), -($1.dur ?? 0)) }
            var ends: [Double] = []
            return sorted.compactMap { slice -> String? in
                let (start, end) = (slice.ts ?? 0, (slice.ts ?? 0) + (slice.dur ?? 0))
                while let last = ends.last, last <= start + 1e-6 { ends.removeLast() }
                defer { ends.append(end) }
                return ends.last.map { $0 + 1e-6 < end } == true ? "\(slice.name) overlaps at \(start)" : nil
            }
        }
    }

    private var looseArrows: [String] {
        let starts = Dictionary(events("s").map { ($0.id, $0) }) { first, _ in first }
        let slices = Dictionary(grouping: events("X").filter { $0.cat == "tasklet" }, by: \.tid)
        func isInside(_ event: Event) -> Bool {
            (slices[event.tid] ?? []).contains { slice in
                let start = slice.ts ?? 0
                return start - 1e-6 <= (event.ts ?? 0) && (event.ts ?? 0) <= start + (slice.dur ?? 0) + 1e-6
            }
        }
        return events("f").compactMap { end in
            guard let start = starts[end.id] else { return "an arrow without a start" }
            if (start.ts ?? 0) > (end.ts ?? 0) { return "an arrow into the past" }
            return isInside(start) && isInside(end) ? nil : "an arrow from or to no run, at \(start.ts ?? 0)"
        }
    }
}
