// SPDX-License-Identifier: Apache-2.0

/// What a backend adds to the core: where wake-ups come from when nothing is ready, and on which threads it all runs.
///
/// The core owns the tasklets, their states and, on ordered schedulers, the order in which they run. A strategy makes
/// it go: by calling ``SchedulerCore/runLoop()`` on one thread, or by executing ready tasklets itself.
@usableFromInline
package protocol Strategy: AnyObject, Sendable {
    /// Called once, when the core has been made.
    ///
    /// It outlives the strategy's use.
    func prepare(_ core: SchedulerCore)

    /// Runs tasklets until the core is finished.
    ///
    /// Called on the thread that called `run`.
    func run(_ core: SchedulerCore)

    /// How many switches may go straight from tasklet to tasklet before the loop calls ``poll(_:)``; 0 sends every
    /// switch through the loop.
    ///
    /// Asked anew after each poll.
    func interval(_ core: SchedulerCore) -> Int

    /// Wakes whoever is due, without waiting.
    ///
    /// On the loop's thread.
    func poll(_ core: SchedulerCore)

    /// Nothing is ready: waits until something is due or ``wakeUp()`` is called, and wakes whoever is due.
    ///
    /// On the loop's thread. May return early.
    func wait(_ core: SchedulerCore)

    /// Makes a ``wait(_:)`` in progress, or else the next one, return.
    ///
    /// From any thread; cheap when called again.
    func wakeUp()

    /// All tasklets have ended, or were given up.
    ///
    /// With the lock held, where there is one.
    func finished()

    /// A tasklet became ready on an unordered scheduler: sees to it that it is executed.
    ///
    /// With the lock held.
    func ready(_ node: NodePointer)

    /// Takes a ready tasklet back that was not executed yet, on an unordered scheduler.
    ///
    /// Returns whether that could be done. With the lock held.
    func unready(_ node: NodePointer) -> Bool

    /// Runs a job that is no tasklet's, on an unordered scheduler, through ``SchedulerCore/runConcurrently(_:)``.
    ///
    /// With the lock held.
    func runOnItsOwn(_ job: UnownedJob)

    /// Whether a tasklet other than the running ones is ready, on an unordered scheduler.
    ///
    /// With the lock held.
    var hasOthersReady: Bool { get }

    /// Lets the kernel run another thread, where tasklets are threads.
    func yieldThread()

    /// Blocks the calling thread, which runs the tasklet, until the tasklet has the processor again.
    ///
    /// With the lock held, where there is one; returns without it.
    func park(_ node: NodePointer)

    /// Wakes the parked thread of a tasklet, on an unordered scheduler.
    ///
    /// Without the lock; see ``SchedulerCore/wakeAfterUnlock(_:)``.
    func rise(_ node: NodePointer)

    /// Lets a tasklet that parked its thread go on, on an ordered scheduler: returns when it has left the processor.
    func unpark(_ node: NodePointer)

    /// Has the core's ``SchedulerCore/wake(_:)`` called at the tasklet's deadline.
    ///
    /// With the lock held.
    func arm(_ node: NodePointer)

    /// Takes ``arm(_:)`` back.
    ///
    /// With the lock held.
    func disarm(_ node: NodePointer)

    /// Its way to the network, for the core that it makes go.
    func network(for core: SchedulerCore) -> any Network

    /// How many system calls it has made, by name.
    var systemCalls: [String: UInt64] { get }
}

/// What strategies need not say when it does not concern them.
extension Strategy {
    package func prepare(_ core: SchedulerCore) {}
    package func network(for core: SchedulerCore) -> any Network {
        preconditionFailure("this strategy has no way to the network")
    }
    package func interval(_ core: SchedulerCore) -> Int { 0 }
    package func poll(_ core: SchedulerCore) {}
    package func wait(_ core: SchedulerCore) {}
    package func wakeUp() {}
    package var systemCalls: [String: UInt64] { [:] }
    package var hasOthersReady: Bool { false }
    package func finished() {}
    package func ready(_ node: NodePointer) {}
    package func unready(_ node: NodePointer) -> Bool { false }
    package func yieldThread() {}
    package func runOnItsOwn(_ job: UnownedJob) {}
    package func park(_ node: NodePointer) { preconditionFailure("this strategy never blocks a tasklet's thread") }
    package func rise(_ node: NodePointer) {}
    package func unpark(_ node: NodePointer) { preconditionFailure("this strategy never blocks a tasklet's thread") }
}
