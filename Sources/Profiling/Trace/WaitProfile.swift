// SPDX-License-Identifier: Apache-2.0

package import Tasklets

/// How long the tasklets of a trace ran and waited, and for what, by their names.
///
/// A tasklet's name is the unit, as in CPU profiles: a single tasklet is too little to say anything of. What a CPU
/// profile divides by function is the time that tasklets ran here; with the waits, that is their whole life.
package struct WaitProfile: Sendable, Equatable, Codable {
    /// The tasklets of one name.
    package struct Row: Sendable, Equatable, Codable {
        package var name: String
        package var tasklets = 0
        /// From their first event to their last, in nanoseconds, added up.
        package var lifetime: UInt64 = 0
        /// How long they had the processor, in nanoseconds.
        package var running: UInt64 = 0
        package var runs = 0
        package var waits: [Wait] = []
        /// The largest part of a tasklet's life that is neither run nor wait, from 0 to 1.
        package var largestGap = 0.0
    }

    /// The waits for one thing.
    package struct Wait: Sendable, Equatable, Codable {
        package var kind: TraceWait.Kind
        /// Which one, such as a channel's name.
        package var detail: String
        package var time: WaitTime
    }

    /// The names with the longest lives first.
    package var rows: [Row] = []
    /// From the first event to the last, in nanoseconds.
    package var elapsed: UInt64 = 0
    /// How many threads ran tasklets.
    package var threads = 0
    package var events = 0
    /// Whether there was no room for the last events.
    package var isCut = false
    /// How many events contradict each other.
    package var contradictions = 0

    package init() {}

    package init(_ trace: Trace) { self.init(trace, TaskletRuns(trace)) }

    package init(_ trace: Trace, _ timeline: TaskletRuns) {
        events = trace.events.count
        isCut = trace.isCut
        contradictions = timeline.contradictions
        elapsed = (trace.events.last?.time ?? 0) - (trace.events.first?.time ?? 0)
        threads = Set(timeline.runs.map(\.thread)).count
        rows = Dictionary(grouping: timeline.lives, by: \.label)
            .map { Row(trace.label($0.key), $0.value, trace) }
            .sorted { ($1.lifetime, $0.name) < ($0.lifetime, $1.name) }
    }
}

extension WaitProfile.Row {
    fileprivate init(_ name: String, _ lives: [TaskletLife], _ trace: Trace) {
        self.name = name
        tasklets = lives.count
        var times: [UInt32: WaitTime] = [:]
        for life in lives {
            lifetime += life.death - life.birth
            running += life.running
            runs += life.runs
            largestGap = max(largestGap, life.gap)
            times.merge(life.waits) { one, other in
                var sum = one
                sum.add(other)
                return sum
            }
        }
        waits = times.map { number, time in
            let wait = trace.wait(number)
            return WaitProfile.Wait(kind: wait.kind, detail: wait.detail, time: time)
        }
        .sorted { ($1.time.total, $0.title) < ($0.time.total, $1.title) }
    }

    /// How long they waited for something of a kind, in nanoseconds.
    package func waited(for kind: TraceWait.Kind) -> UInt64 {
        waits.filter { $0.kind == kind }.map(\.time.total).reduce(0, +)
    }
}

extension TaskletLife {
    /// The part that is neither run nor wait, from 0 to 1.
    package var gap: Double {
        let whole = death - birth
        let parts = running + waits.values.map(\.total).reduce(0, +)
        return whole == 0 ? 0 : abs(Double(whole) - Double(parts)) / Double(whole)
    }
}

extension WaitProfile.Wait {
    /// The kind, and which one.
    package var title: String { TraceWait(kind, detail).title }
}

extension TraceWait {
    /// The kind, and which one.
    var title: String { detail.isEmpty ? kind.rawValue : "\(kind.rawValue): \(detail)" }
}

extension Trace {
    /// The name of a label.
    package func label(_ number: UInt32) -> String {
        let index = Int(number) - 1
        return labels.indices.contains(index) ? labels[index] : "main"
    }

    /// What a number stands for.
    package func wait(_ number: UInt32) -> TraceWait {
        waits.indices.contains(Int(number)) ? waits[Int(number)] : TraceWait(.runQueue)
    }
}

extension WaitProfile {
    /// The parts of all lives together, from 0 to 1: `running`, and the kinds of waits that there are.
    package var parts: [(name: String, fraction: Double)] {
        let whole = Double(rows.map(\.lifetime).reduce(0, +))
        let running = ("running", rows.map(\.running).reduce(0, +))
        let waits = TraceWait.Kind.allCases.map { kind in
            (kind.rawValue, rows.map { $0.waited(for: kind) }.reduce(0, +))
        }
        return ([running] + waits.filter { $0.1 > 0 }).map { ($0.0, whole > 0 ? Double($0.1) / whole : 0) }
    }
}
