// SPDX-License-Identifier: Apache-2.0

/// Runs the tasklets of a scheduler: one at a time in the run queue's order, or several at once.
///
/// ``OrderedLoop`` and ``ConcurrentRunner`` are the two implementations. What is frequent does not go through here: an
/// operation on an ordered scheduler uses the run queue in ``SchedulerState``, and one on a concurrent scheduler the
/// runner that is named there. With the scheduler's lock held, unless a requirement says otherwise.
package protocol Runner: AnyObject, Sendable {
    /// The backend.
    var driver: any Driver { get }

    /// Whether one tasklet runs at a time, in the run queue's order.
    var isOrdered: Bool { get }

    /// Has the driver run all tasklets; returns when the run has finished.
    ///
    /// On the thread that called `run`, without the lock.
    func run()

    /// All tasklets have ended, or were given up.
    func finish()

    /// Takes a ready tasklet out of the run queue.
    ///
    /// Returns false where it counts as running already.
    func dequeue(_ node: NodePointer) -> Bool

    /// Plans a switch to a runnable tasklet; the caller stays in the run queue, or is paused.
    func planSwitch(
        from node: NodePointer,
        to target: NodePointer,
        pausing: Bool,
        _ cause: SwitchCause,
        _ context: CallContext
    ) -> SwitchPlan

    // MARK: The runtime, and other threads

    /// A job of one of the scheduler's tasks is ready.
    ///
    /// Called by the runtime, from any thread, without the lock.
    func enqueue(_ job: UnownedJob)

    /// Whether jobs or wake-ups are pending.
    var hasPendingJobs: Bool { get }

    /// The tasklet whose task, which runs in a job of the runtime's on the calling thread, that is; nil for a child
    /// task.
    ///
    /// From any thread, without the lock.
    func tasklet(of task: TaskWord) -> NodePointer?

    /// Gives the processor to the calling tasklet, which runs in a job of the runtime's, so that it can wait there in
    /// synchronous code; ``release(_:)`` undoes it.
    ///
    /// On a thread of the scheduler's, without the lock.
    func adopt(_ node: NodePointer)

    /// The calling tasklet is as it was before ``adopt(_:)``.
    ///
    /// On a thread of the scheduler's, without the lock.
    func release(_ node: NodePointer)

    /// Performs `body` in the scheduler's order, at once where that is possible.
    ///
    /// From any thread, without the lock.
    func perform(_ body: @escaping @Sendable () -> Void)

    /// Performs `body` in the scheduler's order; on the loop's own thread when it next drains the injection queue.
    ///
    /// From any thread, without the lock.
    func performLater(_ body: @escaping @Sendable () -> Void)

    /// Wakes a tasklet that waits for a one-shot value.
    ///
    /// From any thread, without the lock.
    func sendWakeUp(to tasklet: Tasklet)

    /// All tasklets of a run have ended; another run may begin after this.
    ///
    /// Without the lock.
    func noteEndedRun()

    /// A run is over, and another may have begun: does what other threads have left for it.
    ///
    /// Without the lock.
    func takeLateWork()
}
