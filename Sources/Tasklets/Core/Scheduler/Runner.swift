// SPDX-License-Identifier: Apache-2.0

/// Who puts tasklets on the processor: one at a time in the run queue's order, or several at once.
///
/// Channels, timers and everything else are written once, against this. ``OrderedLoop`` and ``ConcurrentRunner`` are
/// the two implementations; what differs between them is here and nowhere else. With the scheduler's lock held, unless
/// a requirement says otherwise.
package protocol Runner: AnyObject, Sendable {
    /// The backend.
    var driver: any Driver { get }

    /// Whether one tasklet runs at a time, in the run queue's order.
    var isOrdered: Bool { get }

    /// Resets what the last run has left, before a run begins.
    func reset()

    /// Has the driver run all tasklets; returns when the scheduler has finished.
    ///
    /// On the thread that called `run`, without the lock.
    func run()

    /// All tasklets have ended, or were given up.
    func finish()

    // MARK: The run queue

    /// How many tasklets are runnable, the running ones and those that defer to them included.
    var runnableCount: Int { get }

    /// Gives a tasklet, whose state is `ready`, a turn after all that are runnable.
    func enqueue(_ node: NodePointer)

    /// Takes a ready tasklet out again.
    ///
    /// Returns false where it counts as running already.
    func dequeue(_ node: NodePointer) -> Bool

    /// Takes a tasklet, which parks or ends, off the runnable ones.
    func leaveRunQueue(_ node: NodePointer)

    /// Has a ready tasklet run before all others, where there is an order.
    func runNext(_ node: NodePointer)

    /// Whether a tasklet that hands a value over can give way to its partner at once.
    func mayHandOver() -> Bool

    /// Whether a hand-over leads to a switch, which a switch trap has to refuse beforehand.
    var switchesOnHandOver: Bool { get }

    /// Whether a tasklet whose thread is parked still looks at its interruption after it has been made ready.
    var keepsReadyThreadsParked: Bool { get }

    // MARK: Leaving the processor

    /// Plans ``Tasklet/schedule()``.
    ///
    /// Takes the lock. Throws with nothing changed and the lock released.
    func planYield(_ node: NodePointer, _ context: CallContext) throws -> SwitchPlan

    /// Plans that an operation gives way before it begins, where the loop is due to poll.
    ///
    /// Without the lock.
    func planYieldIfDue(_ node: NodePointer, _ context: CallContext) throws -> SwitchPlan?

    /// Plans a switch to a runnable tasklet; the caller stays in the run queue, or is paused.
    func planSwitch(
        from node: NodePointer,
        to target: NodePointer,
        pausing: Bool,
        _ cause: SwitchCause,
        _ context: CallContext
    ) -> SwitchPlan

    /// The running tasklet parks with nothing to hand the processor to: control returns to the loop, which releases the
    /// lock.
    func willReturnToLoop()

    /// The running tasklet is about to suspend through the runtime, and can be resumed from now on.
    func willSuspend(_ node: NodePointer, isOnActor: Bool)

    /// A tasklet's claim on the calling thread ends, since it suspends through the runtime.
    func releaseClaim()

    /// The running tasklet is about to leave: it may be the last, and then what runs next is decided here.
    func willLeave()

    /// An operation has completed without waiting.
    ///
    /// Without the lock.
    func countOperationAtOnce()

    /// A tasklet that deferred to another one is woken by something else.
    func stopDeferring(_ node: NodePointer)

    // MARK: Starting and ending

    /// A tasklet's body has ended, on the calling thread.
    func willEnd(_ node: NodePointer)

    /// A tasklet has ended and is out of the run queue.
    func didEnd(_ node: NodePointer)

    /// A tasklet runs for the first time, on a task that has its first body.
    ///
    /// Without the lock.
    func didStart(_ node: NodePointer)

    /// Whether a task may be made in memory of the scheduler's own, which one thread frees when the task has ended.
    var ownsTaskMemory: Bool { get }

    // MARK: Other threads, and the runtime

    /// Called by the runtime, from any thread: a job of one of the scheduler's tasks is ready.
    func enqueue(_ job: UnownedJob)

    /// Whether jobs or wake-ups wait to be looked at.
    var hasPendingJobs: Bool { get }

    /// The tasklet whose task turns out to run on the calling thread, inside another job.
    ///
    /// Without the lock.
    func adopt(task: TaskWord) -> NodePointer?

    /// Performs `body` in the scheduler's order, from any thread; at once where that is possible.
    ///
    /// Without the lock.
    func perform(_ body: @escaping @Sendable () -> Void)

    /// Performs `body` in the scheduler's order, from any thread; on the loop's own thread at its next look at what
    /// other threads have left.
    ///
    /// Without the lock.
    func performLater(_ body: @escaping @Sendable () -> Void)

    /// Wakes a tasklet that waits for a one-shot value, from any thread.
    ///
    /// Without the lock.
    func sendWakeUp(to tasklet: Tasklet)

    /// All tasklets of a run have ended; another run may begin after this.
    ///
    /// Without the lock.
    func noteEndedRun()

    /// A run is over, and another may have begun: does what other threads have left for it.
    ///
    /// Without the lock.
    func takeLateWork()

    /// Whether `run` can return: no tasklet is left on a stack that has to unwind first.
    var canReturn: Bool { get }
}
