// SPDX-License-Identifier: Apache-2.0

package import Tasklets

/// A stretch during which a tasklet had the processor.
package struct TaskletRun: Sendable, Equatable {
    package var tasklet: UInt64
    /// The number of its label.
    package var label: UInt32
    /// The number of the thread.
    package var thread: UInt32
    /// In nanoseconds of the monotonic clock.
    package var start: UInt64
    package var end: UInt64
    /// What it waits for afterwards, as a number of ``Trace/waits``; nil if it has ended, or the trace has.
    package var wait: UInt32?
    /// What made it ready before; nil where nothing did that the trace knows.
    package var wakeUp: WakeUp?

    /// A tasklet made another one ready.
    package struct WakeUp: Sendable, Equatable {
        /// The id of the tasklet that did, in one of its runs; 0 for the scheduler, a timer or a socket.
        package var waker: UInt64
        package var time: UInt64
        /// The number of the thread on which that happened.
        package var thread: UInt32
    }
}

/// A tasklet's time, from its first event to its last.
package struct TaskletLife: Sendable, Equatable {
    package var tasklet: UInt64
    /// The number of its label.
    package var label: UInt32
    /// In nanoseconds of the monotonic clock.
    package var birth: UInt64
    package var death: UInt64
    /// How long it had the processor, in nanoseconds.
    package var running: UInt64 = 0
    package var runs = 0
    /// How long it waited, by the number of the wait.
    package var waits: [UInt32: WaitTime] = [:]

    package init(tasklet: UInt64, label: UInt32, birth: UInt64) {
        self.tasklet = tasklet
        self.label = label
        self.birth = birth
        death = birth
    }
}

/// The waits of one kind.
package struct WaitTime: Sendable, Equatable, Codable {
    package var count = 0
    /// In nanoseconds.
    package var total: UInt64 = 0
    package var longest: UInt64 = 0

    mutating func add(_ time: UInt64) {
        count += 1
        total += time
        longest = max(longest, time)
    }

    mutating func add(_ other: WaitTime) {
        count += other.count
        total += other.total
        longest = max(longest, other.longest)
    }
}

/// The events of a trace, put together: who ran when, and what the others waited for meanwhile.
///
/// A tasklet is queued from the moment when it becomes ready, runs from its turn on, and waits from the moment when it
/// leaves. Where threads end their own waits, nothing makes the tasklet ready before it runs. Events that contradict
/// each other, such as a second turn of a running tasklet, are counted; the time before them is
/// counted nowhere, so that the parts of its life do not add up.
///
/// Where the scheduler is not told of suspensions, a tasklet whose thread runs another one was suspended by the
/// runtime; it counts as waiting for that until it says that it leaves, since nothing tells when the runtime has
/// resumed it.
package struct TaskletRuns: Sendable {
    package private(set) var runs: [TaskletRun] = []
    package private(set) var lives: [TaskletLife] = []
    package private(set) var contradictions = 0

    private var phases: [UInt64: Phase] = [:]
    /// The tasklet that each thread runs, where suspensions are hidden.
    private var current: [UInt32: UInt64] = [:]
    private let hidesSuspensions: Bool
    /// The numbers of the waits for a turn, and for the runtime.
    private let runQueue: UInt32
    private let runtime: UInt32

    fileprivate struct Phase {
        var life: TaskletLife
        var state: State
        /// When the last event was.
        var since: UInt64
        var wakeUp: TaskletRun.WakeUp?
    }

    fileprivate enum State: Equatable {
        case waiting(UInt32)
        case queued
        case running(thread: UInt32)
    }

    /// - Parameter trace: its events are in the order of their times.
    package init(_ trace: Trace) {
        hidesSuspensions = trace.hidesSuspensions
        runQueue = UInt32(trace.waits.firstIndex(of: TraceWait(.runQueue)) ?? trace.waits.count)
        runtime = UInt32(trace.waits.firstIndex(of: TraceWait(.runtime)) ?? trace.waits.count)
        for event in trace.events { take(event) }
        if let last = trace.events.last { end(at: last.time) }
        lives.sort { ($0.birth, $0.tasklet) < ($1.birth, $1.tasklet) }
        runs.sort { ($0.start, $0.tasklet) < ($1.start, $1.tasklet) }
    }

    private mutating func take(_ event: TraceEvent) {
        switch event.kind {
        case .call, .mark: return
        case .ready:
            let event = runs(event.waker, on: event.thread) ? event : event.wokenByNobody
            advance(event) { $0.becomeReady(event) }
        case .run:
            if hidesSuspensions { displace(by: event) }
            advance(event) { $0.run(event) }
        case .leave: leave(event, wait: event.detail)
        case .end: leave(event, wait: nil)
        }
    }

    private func runs(_ tasklet: UInt64, on thread: UInt32) -> Bool {
        phases[tasklet]?.state == .running(thread: thread)
    }

    private mutating func advance(_ event: TraceEvent, _ step: (inout Phase) -> Step) {
        var phase = phases[event.tasklet] ?? Phase(first: event)
        switch step(&phase) {
        case .none: break
        case .waited(let wait):
            phase.advance(to: event.time) { $0.waits[wait ?? runQueue, default: WaitTime()].add($1) }
        case .contradicts:
            contradictions += 1
            phase.advance(to: event.time) { _, _ in }
        }
        phases[event.tasklet] = phase
    }

    fileprivate enum Step {
        case none
        /// It has waited for what the number says, or for its turn.
        case waited(UInt32?)
        case contradicts
    }

    private mutating func leave(_ event: TraceEvent, wait: UInt32?) {
        var phase = phases[event.tasklet] ?? Phase(first: event)
        switch phase.state {
        case .running(let thread): addRun(of: &phase, on: thread, until: event.time, wait)
        case .waiting(let number) where hidesSuspensions && number == runtime:
            phase.advance(to: event.time) { $0.waits[number, default: WaitTime()].add($1) }
        case .queued where wait == nil:
            // The scheduler had nothing to run it on.
            phase.advance(to: event.time) { $0.waits[runQueue, default: WaitTime()].add($1) }
        case .waiting, .queued:
            contradictions += 1
            phase.advance(to: event.time) { _, _ in }
        }
        guard let wait else { return finish(phase, at: event.time) }
        phase.state = wait == runQueue ? .queued : .waiting(wait)
        phases[event.tasklet] = phase
    }

    /// A thread runs another tasklet than the one that seems to run there.
    private mutating func displace(by event: TraceEvent) {
        defer { current[event.thread] = event.tasklet }
        guard let other = current[event.thread], other != event.tasklet, var phase = phases[other],
            phase.state == .running(thread: event.thread)
        else { return }
        addRun(of: &phase, on: event.thread, until: event.time, runtime)
        phase.state = .waiting(runtime)
        phases[other] = phase
    }

    private mutating func addRun(of phase: inout Phase, on thread: UInt32, until end: UInt64, _ wait: UInt32?) {
        runs.append(
            TaskletRun(
                tasklet: phase.life.tasklet,
                label: phase.life.label,
                thread: thread,
                start: phase.since,
                end: end,
                wait: wait,
                wakeUp: phase.wakeUp.take()
            )
        )
        phase.life.runs += 1
        phase.advance(to: end) { $0.running += $1 }
    }

    private mutating func finish(_ phase: Phase, at time: UInt64) {
        phases[phase.life.tasklet] = nil
        var life = phase.life
        life.death = time
        lives.append(life)
    }

    /// The trace ends while some tasklets are alive.
    private mutating func end(at time: UInt64) {
        for var phase in phases.values {
            switch phase.state {
            case .running(let thread): addRun(of: &phase, on: thread, until: time, nil)
            case .queued: phase.advance(to: time) { $0.waits[runQueue, default: WaitTime()].add($1) }
            case .waiting(let wait): phase.advance(to: time) { $0.waits[wait, default: WaitTime()].add($1) }
            }
            finish(phase, at: time)
        }
    }
}

extension TaskletRuns.Phase {
    /// A tasklet that is seen for the first time.
    fileprivate init(first event: TraceEvent) {
        life = TaskletLife(tasklet: event.tasklet, label: event.label, birth: event.time)
        since = event.time
        state = event.kind == .ready || event.kind == .run ? .queued : .running(thread: event.thread)
        if event.kind == .ready { wakeUp = TaskletRun.WakeUp(event) }
    }

    fileprivate mutating func becomeReady(_ event: TraceEvent) -> TaskletRuns.Step {
        // One that is about to leave may be made ready already; then it says so when it leaves.
        guard case .waiting(let wait) = state else { return .none }
        state = .queued
        wakeUp = TaskletRun.WakeUp(event)
        return .waited(wait)
    }

    fileprivate mutating func run(_ event: TraceEvent) -> TaskletRuns.Step {
        defer { state = .running(thread: event.thread) }
        return switch state {
        case .queued: .waited(nil)
        case .waiting(let wait): .waited(wait)
        case .running: .contradicts
        }
    }

    fileprivate mutating func advance(to time: UInt64, _ add: (inout TaskletLife, UInt64) -> Void) {
        add(&life, time - since)
        since = time
    }
}

extension TraceEvent {
    fileprivate var wokenByNobody: TraceEvent {
        var event = self
        event.waker = 0
        return event
    }
}

extension TaskletRun.WakeUp {
    fileprivate init(_ event: TraceEvent) {
        self.init(waker: event.waker, time: event.time, thread: event.thread)
    }
}
