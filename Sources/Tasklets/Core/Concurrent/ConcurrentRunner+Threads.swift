// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// For drivers that own their threads, or give each tasklet one.
extension ConcurrentRunner {
    /// The scheduler, for a driver whose work outlives the last tasklet.
    package var scheduler: SchedulerCore { core }

    /// The main tasklet's node, until it has ended.
    package var main: NodePointer? { state.pointee.roster.main }

    /// Whether all tasklets have ended, or were given up.
    package var isFinished: Bool { state.pointee.runEnd.isFinished }

    /// How many tasklets that had started were given up, because they would not end.
    package var abandonedCount: Int { state.withLock { state.pointee.roster.givenUpCount } }

    package func lock() { state.pointee.lock.lock() }

    package func unlock() { state.pointee.lock.unlock() }

    package func withLock<R>(_ body: () throws -> R) rethrows -> R { try state.withLock(body) }

    /// Wakes a tasklet's thread, through ``ThreadParking/unpark(_:)``, when the lock is released.
    ///
    /// With the lock held.
    package func wakeAfterUnlock(_ node: NodePointer) { state.pointee.lock.wakeAfterUnlock(node) }

    /// The driver has no thread for a new tasklet.
    ///
    /// With the lock held.
    package func failToStart(_ node: NodePointer, _ failure: any Error) { state.failToStart(node, failure) }

    // MARK: Waits that the tasklet's own thread ends

    /// A waiting tasklet's thread has come to its deadline: the tasklet runs, unless something else has woken it.
    ///
    /// Returns whether it still waited.
    package func expireIfWaiting(_ node: NodePointer) -> Bool {
        withLock {
            guard node.pointee.timer.isSet else { return false }
            node.expire()
            return runOn(node)
        }
    }

    /// A tasklet's own thread has seen that another attempt may succeed: the tasklet runs, unless something else has
    /// woken it.
    ///
    /// Returns whether it still waited.
    package func retryIfPerforming(_ node: NodePointer) -> Bool {
        withLock {
            guard node.pointee.state == .performing else { return false }
            node.detach()
            node.pointee.isOperationComplete = false
            return runOn(node)
        }
    }

    private func runOn(_ node: NodePointer) -> Bool {
        activeCount += 1
        node.pointee.state = .running
        return true
    }

    // MARK: A thread for each tasklet

    /// Makes the task that runs the tasklet's body on its own thread's executor, and enqueues it there.
    package func startOnThread(
        _ node: NodePointer,
        executor: some TaskExecutor,
        onEnd: @escaping @Sendable () -> Void
    ) {
        nonisolated(unsafe) let node = node
        let core = core
        Task.detached(executorPreference: executor) {
            var failure: (any Error)?
            do { try await node.takeBody()() } catch { failure = error }
            if !node.isAtHome { await SchedulerCore.goHome() }
            core.state.finish(node, failure)
            core.state.pointee.lock.unlock()
            onEnd()
        }
    }

    /// Runs a job on the tasklet's own thread: the tasklet itself, or something that it has called for.
    package func run(_ job: UnownedJob, onThreadOf node: NodePointer, executor: UnownedTaskExecutor) {
        ThreadScope.keepingAccesses(core) {
            withLock {
                if node.pointee.task == 0 {
                    node.pointee.task = job.task
                    claims.noteStart(of: node)
                }
                if node.isRun(by: job) { claim(node) }
            }
            job.runSynchronously(on: executor)
            // A tasklet that has ended has released its thread's claim.
            withLock {
                noteSuspension()
                resolveStallIfIdle()
            }
        }
    }
}
