// SPDX-License-Identifier: Apache-2.0

internal import CSwitch
internal import Glibc

/// Records which tasklet runs when, what the others wait for, and which tasklet wakes which.
///
/// A process has one recorder at most, which is turned on before the scheduler is made. A scheduler with a recorder has
/// a special case, ``SpecialCases/traced``: each of its operations takes the slow path, which tells the recorder. Other
/// schedulers pay for a look at the special cases where they make a tasklet ready, and where one starts or ends.
///
/// Events of a concurrent scheduler come from several threads. The recorder has a lock of its own, and reads the clock
/// with the lock held, so that the events are in the order of their times.
package final class TraceRecorder: Sendable {
    /// The process's recorder.
    ///
    /// Written once, by ``turnOn(capacity:)``, before the scheduler that is recorded.
    // SAFETY: written before the threads that read it are started, and not changed later.
    @exclusivity(unchecked) nonisolated(unsafe) private(set) static var active: TraceRecorder?

    private let content: Guarded<Content>

    fileprivate struct Content {
        var trace = Trace()
        var isOn = false
        let capacity: Int
        var waits = Numbering(Trace().waits)
        var names = Numbering<String>()
        var threads = Numbering<ThreadIdentity>()
    }

    private init(capacity: Int) {
        var content = Content(capacity: capacity)
        content.trace.events.reserveCapacity(capacity)
        self.content = Guarded(content)
    }

    /// Makes the process's recorder, which keeps the first `capacity` events; schedulers that are made from now on tell
    /// it what their tasklets do.
    package static func turnOn(capacity: Int) -> TraceRecorder {
        Labels.turnOn()
        let recorder = TraceRecorder(capacity: capacity)
        active = recorder
        return recorder
    }

    // MARK: The recorded stretch

    /// Starts to record.
    ///
    /// Called by a tasklet, which has the processor, while no other is alive.
    package func start() {
        guard let node = SchedulerCore.currentNode() else { preconditionFailure("a trace starts outside any tasklet") }
        let isOnPool = node.pointee.owner.pointee.concurrent?._withUnsafeGuaranteedRef { $0.isOnPool }
        content.withLock { content in
            content.isOn = true
            content.trace.hidesSuspensions = isOnPool ?? false
        }
        add(.run, node)
    }

    /// Stops.
    ///
    /// Called by the same tasklet, while no other is alive.
    package func stop() {
        if let node = SchedulerCore.currentNode() { add(.end, node) }
        content.withLock { $0.isOn = false }
    }

    /// What was recorded.
    package var trace: Trace {
        content.withLock { content in
            var trace = content.trace
            trace.waits = content.waits.values
            trace.names = content.names.values
            trace.threads = content.threads.values.count
            trace.labels = Labels.names
            return trace
        }
    }

    // MARK: Events

    /// Adds an event of a tasklet; `wait` is what it waits for from now on, and `waker` what made it ready.
    func add(
        _ kind: TraceEvent.Kind,
        _ node: NodePointer,
        wait: @autoclosure () -> TraceWait? = nil,
        waker: NodePointer? = nil
    ) {
        content.withLock { content in
            guard content.hasRoom() else { return }
            let record = node.record
            var event = TraceEvent(kind: kind, time: 0, tasklet: record.pointee.identity.id)
            event.label = record.pointee.label
            event.waker = waker?.record.pointee.identity.id ?? 0
            if let wait = wait() { event.detail = content.waits.number(of: wait) }
            content.add(event)
        }
    }

    /// Marks the moment with a name.
    package func mark(_ name: String) { add(.mark, named: name, time: 0) }

    /// Adds a system call that has returned.
    func addCall(_ name: StaticString, since start: UInt64) { add(.call, named: "\(name)", time: start) }

    private func add(_ kind: TraceEvent.Kind, named name: @autoclosure () -> String, time: UInt64) {
        content.withLock { content in
            guard content.hasRoom() else { return }
            content.add(TraceEvent(kind: kind, time: time, detail: content.names.number(of: name())))
        }
    }

    /// The present moment.
    static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}

extension TraceRecorder.Content {
    /// Whether another event is wanted, and fits.
    fileprivate mutating func hasRoom() -> Bool {
        guard isOn else { return false }
        if trace.events.count == capacity { trace.isCut = true }
        return !trace.isCut
    }

    /// Adds an event of the calling thread, at the present moment; `time` is when a call began.
    fileprivate mutating func add(_ event: TraceEvent) {
        var event = event
        let now = TraceRecorder.now()
        if event.kind == .call { event.duration = now - event.time }
        event.time = now
        event.thread = threads.number(of: ThreadIdentity(pthread_self()))
        trace.events.append(event)
    }
}
