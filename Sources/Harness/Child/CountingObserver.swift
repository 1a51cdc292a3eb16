// SPDX-License-Identifier: Apache-2.0

import Measurement
import Synchronization
import Tasklets
import Workloads

/// Counts what happens between the marks of a workload, in a counting trial.
///
/// It reads the clock only so that the number of runs can be chosen, and keeps neither waits nor figures of the
/// workload: they are not what they are without the counters.
final class CountingObserver: ReadingObserver {
    private struct State {
        var start: UInt64 = 0
        var counters = SwitchCounts()
        var events: EventCounters.Start?
        var reading = RunReading()
    }

    private let scheduler: any Scheduler
    private let generator: GeneratorProcess?
    private let counters: EventCounters
    // The main tasklet, which marks the moments, may move between threads.
    private let state = Mutex(State())

    init(scheduler: any Scheduler, generator: GeneratorProcess?, counters: EventCounters) {
        self.scheduler = scheduler
        self.generator = generator
        self.counters = counters
    }

    func takeReading() -> RunReading {
        state.withLock { state in
            defer { state = State() }
            return state.reading
        }
    }

    func mark(_ moment: Moment) {
        let now = MonotonicClock.now()
        state.withLock { state in
            switch moment {
            case .begin:
                state.counters = SwitchCounts(scheduler.counters)
                state.events = counters.begin()
                state.start = MonotonicClock.now()
            case .occupied: break
            case .end:
                state.reading.events = state.events.map { counters.end(since: $0) }
                state.reading.elapsed = now - state.start
                state.reading.counters = SwitchCounts(scheduler.counters) - state.counters
            }
        }
    }

    func record(_ waits: [UInt64], as series: Series) {}
    func note(_ figure: NamedFigure, _ value: Double) {}

    /// Skips the body: threads that keep processors busy would be counted.
    func keepingBusy<R>(_ body: () async throws -> R) async throws -> R? { nil }

    func load(_ program: LoadProgram) throws -> LoadGenerator { try generator.start(program) }
}
