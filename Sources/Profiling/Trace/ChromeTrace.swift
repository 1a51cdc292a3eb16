// SPDX-License-Identifier: Apache-2.0

internal import Reports
package import Tasklets

/// A trace as a file that Perfetto and chrome://tracing open.
///
/// A track stands for a thread, a slice for a tasklet's run or, inside or between them, a system call; an arrow leads
/// from the run that makes a tasklet ready to the run of that tasklet. Times are in microseconds after the first event.
///
/// - SeeAlso: "Trace Event Format", the Chromium project.
package struct ChromeTrace {
    private let trace: Trace
    private let timeline: TaskletRuns
    private let title: String
    private let origin: UInt64
    /// The names as JSON, which occur often.
    private let labels: [String]
    private let waits: [String]
    private let names: [String]

    /// - Parameter title: what the tracks belong to, such as `fan-out-http on epoll/soft`.
    package init(_ trace: Trace, _ timeline: TaskletRuns, title: String) throws {
        self.trace = trace
        self.timeline = timeline
        self.title = title
        origin = trace.events.first?.time ?? 0
        labels = try (0...trace.labels.count).map { try JSONText.line(trace.label(UInt32($0))) }
        waits = try trace.waits.map { try JSONText.line($0.title) }
        names = try trace.names.map { try JSONText.line($0) }
    }

    /// The file.
    package func text() throws -> String {
        var lines = try head()
        lines.reserveCapacity(2 * trace.events.count)
        for (number, run) in timeline.runs.enumerated() {
            lines.append(slice(run))
            lines += arrow(to: run, number)
        }
        for event in trace.events {
            if event.kind == .call { lines.append(call(event)) }
            if event.kind == .mark { lines.append(mark(event)) }
        }
        return "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n\(lines.joined(separator: ",\n"))\n]}\n"
    }

    private func head() throws -> [String] {
        let process = try JSONText.line(title)
        let threads = (0..<trace.threads).map { thread in
            """
            {"name":"thread_name","ph":"M","pid":1,"tid":\(thread + 1),"args":{"name":"thread \(thread + 1)"}}
            """
        }
        return ["{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"args\":{\"name\":\(process)}}"] + threads
    }

    private func slice(_ run: TaskletRun) -> String {
        let after = run.wait.flatMap { waits.indices.contains(Int($0)) ? ",\"then\":\(waits[Int($0)])" : nil } ?? ""
        return """
            {"name":\(labels[Int(run.label)]),"cat":"tasklet","ph":"X","pid":1,"tid":\(run.thread + 1),\
            "ts":\(time(run.start)),"dur":\(Self.microseconds(run.end - run.start)),\
            "args":{"tasklet":\(run.tasklet)\(after)}}
            """
    }

    /// From the moment of the wake-up to the run; none where it was no tasklet that made the other ready.
    private func arrow(to run: TaskletRun, _ number: Int) -> [String] {
        guard let wakeUp = run.wakeUp, wakeUp.waker != 0 else { return [] }
        let common = "\"name\":\"wakes\",\"cat\":\"wake-up\",\"id\":\(number + 1),\"pid\":1"
        return [
            "{\(common),\"ph\":\"s\",\"tid\":\(wakeUp.thread + 1),\"ts\":\(time(wakeUp.time))}",
            "{\(common),\"ph\":\"f\",\"bp\":\"e\",\"tid\":\(run.thread + 1),\"ts\":\(time(run.start))}",
        ]
    }

    /// Where suspensions are hidden, runs may seem to last while their threads do something else: then a call has a
    /// moment only.
    private func call(_ event: TraceEvent) -> String {
        if trace.hidesSuspensions { return instant(event, "system call", scope: "t") }
        // It may have begun before the first event.
        let duration = min(event.duration, event.time - origin)
        return """
            {"name":\(names[Int(event.detail)]),"cat":"system call","ph":"X","pid":1,"tid":\(event.thread + 1),\
            "ts":\(time(event.time - duration)),"dur":\(Self.microseconds(duration))}
            """
    }

    private func mark(_ event: TraceEvent) -> String { instant(event, "mark", scope: "p") }

    private func instant(_ event: TraceEvent, _ category: String, scope: String) -> String {
        """
        {"name":\(names[Int(event.detail)]),"cat":"\(category)","ph":"i","s":"\(scope)","pid":1,"tid":\(event.thread + 1),\
        "ts":\(time(event.time))}
        """
    }

    private func time(_ nanoseconds: UInt64) -> String { Self.microseconds(nanoseconds - origin) }

    /// With three decimals.
    private static func microseconds(_ nanoseconds: UInt64) -> String {
        let rest = String(nanoseconds % 1000)
        return "\(nanoseconds / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }
}
