// SPDX-License-Identifier: Apache-2.0

import Measurement
import Synchronization
import Tasklets
import Workloads

/// What was read at the moments of one run.
struct RunReading: Sendable {
    /// Nanoseconds from begin to end.
    var elapsed: UInt64 = 0
    /// What the kernel accounted between the two.
    var usage: ProcessUsage?
    /// What the scheduler counted between the two.
    var counters = SwitchCounts()
    /// Bytes by which the resident memory grew from begin to occupied.
    var memory: UInt64?
    /// The waits that were recorded.
    var waits: [Series: LatencyHistogram] = [:]
    /// The figures that the run noted.
    var notes: [NamedFigure: Double] = [:]
}

/// Reads the clock, the kernel's accounts and the scheduler's counters when a workload marks its moments.
final class TrialObserver: Observer {
    private struct State {
        var start: UInt64 = 0
        var usage: ProcessUsage?
        var counters = SwitchCounts()
        var resident: UInt64?
        var reading = RunReading()
    }

    private let scheduler: any Scheduler
    private let readsMemory: Bool
    private let load: LoadThread
    private let profile: TrialProfile?
    // A workload marks from its main tasklet, which may have moved to another thread in between.
    private let state = Mutex(State())

    /// - Parameter profile: is taken of what is timed.
    init(scheduler: any Scheduler, readsMemory: Bool, load: LoadThread, profile: TrialProfile? = nil) {
        self.profile = profile
        self.scheduler = scheduler
        self.readsMemory = readsMemory
        self.load = load
    }

    /// The readings since the last call.
    func takeReading() -> RunReading {
        state.withLock { state in
            defer { state = State() }
            return state.reading
        }
    }

    func mark(_ moment: Moment) {
        // The clock first at the end and last at the beginning: the other readings stay outside the timed region.
        let now = MonotonicClock.now()
        state.withLock { state in
            switch moment {
            case .begin: begin(&state)
            case .occupied: state.reading.memory = residentNow().map { $0 - min($0, state.resident ?? $0) }
            case .end: end(&state, at: now)
            }
        }
    }

    private func begin(_ state: inout State) {
        state.resident = residentNow()
        state.counters = SwitchCounts(scheduler.counters)
        // Outside the other readings, so that they do not count what it takes.
        profile?.resume()
        state.usage = ProcessUsage.now()
        state.start = MonotonicClock.now()
    }

    private func end(_ state: inout State, at now: UInt64) {
        state.reading.elapsed = now - state.start
        state.reading.usage = state.usage.map { ProcessUsage.now() - $0 }
        profile?.pause()
        state.reading.counters = SwitchCounts(scheduler.counters) - state.counters
    }

    func record(_ waits: [UInt64], as series: Series) {
        state.withLock { state in
            for wait in waits { state.reading.waits[series, default: LatencyHistogram()].record(wait) }
        }
    }

    func note(_ figure: NamedFigure, _ value: Double) { state.withLock { $0.reading.notes[figure] = value } }

    func elsewhere<R: Sendable>(_ program: @escaping @Sendable () async throws -> R) throws -> OneShot<R> {
        try load.run(program)
    }

    private func residentNow() -> UInt64? { readsMemory ? ProcessMemory.resident() : nil }
}

/// An observer of the runs that nobody reads.
struct Unobserved: Observer {
    let load: LoadThread

    func mark(_ moment: Moment) {}
    func record(_ waits: [UInt64], as series: Series) {}
    func note(_ figure: NamedFigure, _ value: Double) {}

    func elsewhere<R: Sendable>(_ program: @escaping @Sendable () async throws -> R) throws -> OneShot<R> {
        try load.run(program)
    }
}
