// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// What a strategy needs that gives each tasklet a thread of its own.
extension SchedulerCore {
    /// The main tasklet's node, until it has ended.
    package var main: NodePointer? { state.pointee.main }

    package func takeLock() { state.pointee.lock?.lock() }

    package func releaseLock() { state.pointee.lock?.unlock() }

    /// Has a tasklet's thread woken, through ``Strategy/rise(_:)``, when the lock is released.
    ///
    /// With the lock held.
    package func wakeAfterUnlock(_ node: NodePointer) { state.pointee.lock?.wakeAfterUnlock(node) }

    /// A waiting tasklet's thread has come to its deadline: it is runnable, unless something else has woken it.
    ///
    /// Returns whether it still waited.
    package func wakeIfWaiting(_ node: NodePointer) -> Bool {
        withLock {
            guard node.pointee.hasDeadline else { return false }
            expire(node)
            state.pointee.ringCount += 1
            node.pointee.state = .running
            return true
        }
    }

    /// The deadline of a tasklet that waits on an actor has come, unless something else has woken it.
    package func wakeIfWaiting(_ tasklet: Tasklet, until deadline: Deadline) {
        withLock {
            let node = tasklet.node
            if node.pointee.hasDeadline, node.pointee.deadline == deadline { wake(node) }
        }
    }

    /// How many tasklets were given up, because they would not die; 0 until the scheduler has finished.
    package var abandonedCount: Int { withLock { isFinished ? state.pointee.aliveCount : 0 } }

    /// Makes the task that runs the tasklet's body on its own thread's executor, and enqueues it there.
    package func startOnThread(
        _ node: NodePointer,
        executor: some TaskExecutor,
        onEnd: @escaping @Sendable () -> Void
    ) {
        nonisolated(unsafe) let node = node
        Task.detached(executorPreference: executor) { [self] in
            var failure: (any Error)?
            do { try await node.takeBody()() } catch { failure = error }
            finish(node, failure)
            state.pointee.lock?.unlock()
            onEnd()
        }
    }

    /// Runs a job on the tasklet's own thread: the tasklet itself, or something that it has called for.
    package func run(_ job: UnownedJob, onThreadOf node: NodePointer, executor: UnownedTaskExecutor) {
        let outer = (scheduler: sw_scheduler(), current: sw_current())
        defer {
            sw_set_scheduler(outer.scheduler)
            sw_set_current(outer.current)
        }
        sw_set_scheduler(identity)
        sw_set_current(nil)
        withLock {
            if node.pointee.task == 0 {
                node.pointee.task = job.task
                started[job.task] = node
            }
            if node.isRun(by: job) { claim(node) }
        }
        job.runSynchronously(on: executor)
        // A tasklet that has ended, or parked on an actor, has given up its thread's claim.
        withLock {
            settleLocked()
            resolveStallIfUnordered()
        }
    }
}
