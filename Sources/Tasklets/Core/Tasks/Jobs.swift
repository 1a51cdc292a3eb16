// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// Runs jobs of the Swift runtime on the calling thread.
extension UnsafeMutablePointer<SchedulerState> {
    /// Runs a job until control is back.
    func run(_ job: UnownedJob) {
        // A tasklet that parks in it leaves its own accesses behind.
        let accesses = sw_accesses()
        job.runSynchronously(on: pointee.executor)
        sw_set_accesses(accesses)
    }
}

extension SchedulerCore {
    /// Runs `body` inside a job of this executor.
    func inNewJob(_ body: @escaping @Sendable () -> Void) {
        state.run(JobCapture.newJob { Task.detached(executorPreference: self) { body() } })
    }
}

/// Takes a job that the runtime is made to enqueue, instead of queueing it.
enum JobCapture {
    /// The slot that the calling thread's next job is wanted in.
    ///
    /// Called when the runtime enqueues a job: returns whether the job was taken.
    static func takes(_ job: UnownedJob) -> Bool {
        guard let slot = sw_capture(), slot.pointee == nil else { return false }
        slot.pointee = UnsafeMutableRawPointer(bitPattern: job.task)
        return true
    }

    /// Calls `body`, and returns the job that it makes the runtime enqueue from this thread; nil where it enqueues
    /// none.
    static func job(enqueuedBy body: () -> Void) -> UnownedJob? {
        var slot: UnsafeMutableRawPointer?
        withUnsafeMutablePointer(to: &slot) {
            let outer = sw_capture()
            sw_set_capture($0)
            body()
            sw_set_capture(outer)
        }
        return slot.map { unsafeBitCast($0, to: UnownedJob.self) }
    }

    /// The job of a task that `body` makes.
    static func newJob(_ body: () -> Void) -> UnownedJob {
        guard let job = job(enqueuedBy: body) else {
            preconditionFailure("the runtime did not enqueue a new task on its preferred executor")
        }
        return job
    }
}

/// What a thread remembers while it runs tasklets of a scheduler.
struct ThreadScope {
    private let scheduler = sw_scheduler()
    private let current = sw_current()

    private func restore() {
        sw_set_scheduler(scheduler)
        sw_set_current(current)
    }

    /// Runs `body` as a thread of the scheduler that has no tasklet yet.
    ///
    /// Accesses that the code below has open are set aside, so that tasklets do not take them along to other threads,
    /// or to a time when they have ended.
    static func run<R>(_ core: SchedulerCore, _ body: () -> R) -> R {
        let accesses = sw_accesses()
        sw_set_accesses(nil)
        defer { sw_set_accesses(accesses) }
        return keepingAccesses(core, body)
    }

    /// The same for a thread that synchronous frames never leave, and so neither do the accesses that they have begun.
    static func keepingAccesses<R>(_ core: SchedulerCore, _ body: () -> R) -> R {
        sw_guard_thread()
        let outer = ThreadScope()
        defer { outer.restore() }
        sw_set_scheduler(core.identity)
        sw_set_current(nil)
        return body()
    }
}
