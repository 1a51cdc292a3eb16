// SPDX-License-Identifier: Apache-2.0

import Measurement
import Synchronization
import Tasklets
import Workloads

/// Reads the clock, the kernel's accounting and the scheduler's counters when a workload marks a moment.
final class TrialObserver: ReadingObserver {
    private struct State {
        var start: UInt64 = 0
        var usage: ProcessUsage?
        var counters = SwitchCounts()
        var resident: UInt64?
        var reading = RunReading()
    }

    private let scheduler: any Scheduler
    private let readsMemory: Bool
    private let generator: GeneratorProcess?
    private let processors: BusyProcessors
    private let sampler: TrialSampler?
    private let tracer: TrialTracer?
    private let planted: PlantedCost
    // The main tasklet, which marks the moments, may move between threads.
    private let state = Mutex(State())

    /// - Parameters:
    ///   - processors: the measured ones.
    ///   - sampler: samples the timed region; nil in a trial without a profiler.
    ///   - tracer: traces the run; nil in a trial without a trace.
    init(
        scheduler: any Scheduler,
        readsMemory: Bool,
        generator: GeneratorProcess?,
        processors: BusyProcessors,
        sampler: TrialSampler? = nil,
        tracer: TrialTracer? = nil,
        planted: PlantedCost = PlantedCost(percent: nil)
    ) {
        self.sampler = sampler
        self.tracer = tracer
        self.planted = planted
        self.scheduler = scheduler
        self.readsMemory = readsMemory
        self.generator = generator
        self.processors = processors
    }

    func takeReading() -> RunReading {
        state.withLock { state in
            defer { state = State() }
            return state.reading
        }
    }

    func mark(_ moment: Moment) {
        // The clock is read first at the end and last at the beginning: the other readings are not timed.
        let now = MonotonicClock.now()
        tracer?.mark(moment)
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
        // Outside the usage readings, so that they do not include starting the profiler.
        sampler?.resume()
        state.usage = ProcessUsage.now()
        state.start = MonotonicClock.now()
    }

    private func end(_ state: inout State, at now: UInt64) {
        state.reading.elapsed = planted.spend(after: now - state.start)
        state.reading.usage = state.usage.map { ProcessUsage.now() - $0 }
        state.reading.loadTime = generator?.processorTime ?? 0
        sampler?.pause()
        state.reading.counters = SwitchCounts(scheduler.counters) - state.counters
    }

    func record(_ waits: [UInt64], as series: Series) {
        state.withLock { state in
            for wait in waits {
                state.reading.waits[series, default: LatencyHistogram()].record(planted.added(to: wait))
            }
        }
    }

    func note(_ figure: NamedFigure, _ value: Double) { state.withLock { $0.reading.notes[figure] = value } }

    func load(_ program: LoadProgram) throws -> LoadGenerator { try generator.start(program) }

    func keepingBusy<R>(_ body: () async throws -> R) async throws -> R? {
        let thread = ThreadUsage.now()
        let result = try await processors.keep(during: body)
        let waited = ThreadUsage.now().waited(since: thread)
        state.withLock { $0.reading.waitedBusy += waited }
        return result
    }

    private func residentNow() -> UInt64? { readsMemory ? ProcessMemory.resident() : nil }
}
