// SPDX-License-Identifier: Apache-2.0

/// For a driver whose tasklets are tasks on the Swift runtime's own pool of threads.
///
/// A tasklet's task has no executor of ours, and the runtime alone decides when and where it runs. It is resumed by its
/// continuation, and from then on counts as running. Control does not come back to the core when it leaves its thread:
/// one that the runtime suspends (at an actor, a task group, another task's value) counts as running all the while. So
/// no thread claims tasklets, no stall is found while the runtime is to resume one, and ``TaskNote`` tells which
/// tasklet is calling.
extension ConcurrentRunner {
    /// Begins a run, whose tasks have that priority, with the main tasklet, which the driver has left where it was.
    ///
    /// Without the lock.
    package func startMainOnPool(priority: TaskPriority?) {
        withLock {
            poolPriority = priority
            if let main { resumeOnPoolAfterUnlock(main) }
        }
    }

    /// A ready tasklet goes to the runtime's pool when the lock is released.
    ///
    /// With the lock held.
    ///
    /// The race, from both sides. A tasklet that waits holds the lock from the moment when others can find it until its
    /// continuation is published. So what wakes it comes after that, and finds the continuation; or it is a callback
    /// of the tasklet's own, which comes before: then the tasklet stays ready, and ``publishOnPool(_:)`` wakes it. A
    /// continuation that is resumed before its task has suspended makes that go on at once, which is up to the runtime.
    package func resumeOnPoolAfterUnlock(_ node: NodePointer) {
        guard node.pointee.resumption == .fresh || node.pointee.continuation != nil else { return }
        node.pointee.state = .running
        wakeAfterUnlock(node)
    }

    /// Hands a tasklet over to the runtime's pool: starts its task, or resumes it.
    ///
    /// Without the lock. Nothing else touches the continuation: the tasklet counts as running, and publishes the next
    /// one when it waits again.
    package func resumeOnPool(_ node: NodePointer) {
        guard let continuation = node.pointee.continuation else { return startOnPool(node) }
        node.pointee.continuation = nil
        TaskNote(of: node)?.resume()
        continuation.resume()
    }

    /// The tasklet's body runs in a task of its own, which keeps the scheduler, and ends with the tasklet.
    private func startOnPool(_ node: NodePointer) {
        nonisolated(unsafe) let node = node
        let core = core
        Task.detached(priority: poolPriority) {
            await TaskNote.run(node) {
                if core.state.isTraced { core.state.traceRun(node) }
                var failure: (any Error)?
                do { try await node.takeBody()() } catch { failure = error }
                core.state.finish(node, failure)
                core.state.pointee.lock.unlock()
            }
        }
    }

    /// The running tasklet, whose continuation can be resumed, is about to suspend.
    ///
    /// With the lock held; returns without it.
    func publishOnPool(_ node: NodePointer) {
        if node.pointee.state == .ready { resumeOnPoolAfterUnlock(node) }
        resolveStallIfIdle()
        state.pointee.lock.unlock()
    }

    /// Plans a yield, by the runtime's own: the tasklet stays runnable.
    ///
    /// With the lock held.
    func planYieldOnPool(_ node: NodePointer, _ context: CallContext) -> SwitchPlan {
        guard runnableCount > 1 else {
            state.pointee.noSwitch &+= 1
            return .unlock
        }
        var plan = state.planSwitch(from: node, .schedule, context)
        plan.action = .yield
        return plan
    }
}
