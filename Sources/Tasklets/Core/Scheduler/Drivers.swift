// SPDX-License-Identifier: Apache-2.0

/// What every backend adds to the core: deadlines, the network, and counts.
///
/// A backend is a ``LoopDriver`` or a ``ConcurrentDriver``. No requirement has a default, so what a backend forgets
/// does not compile.
package protocol Driver: AnyObject, Sendable {
    /// Has ``Swift/UnsafeMutablePointer/deadlineExpired()`` called at the tasklet's deadline.
    ///
    /// With the lock held.
    func arm(_ node: NodePointer)

    /// Undoes ``arm(_:)``.
    ///
    /// With the lock held.
    func disarm(_ node: NodePointer)

    /// Checks that a run, on the calling thread, will have what it cannot do without.
    ///
    /// Throws ``SchedulerError`` with code `system` otherwise.
    func checkMayRun() throws(SchedulerError)

    /// The backend's network, for endpoints of that scheduler.
    func network(for core: SchedulerCore) -> any Network

    /// How many system calls it has made, by name.
    var systemCalls: [String: UInt64] { get }
}

/// A backend that runs an ordered scheduler: it decides when the loop polls, and where it waits.
///
/// The loop owns the run queue and its order. ``OrderedLoop/runOnThisThread()`` does everything on one thread; a
/// backend that is called for single turns uses ``OrderedLoop/takeTurn()``, and one whose thread belongs to another
/// event loop ``OrderedLoop/runAsGuest()``.
package protocol LoopDriver: Driver {
    /// Runs tasklets until the scheduler has finished, on the thread that called `run`.
    func run(_ loop: OrderedLoop)

    /// How many switches may go straight from tasklet to tasklet before the loop calls ``poll(_:)``; 0 sends every
    /// switch through the loop.
    ///
    /// Read after each poll.
    func interval(_ loop: OrderedLoop) -> Int

    /// Wakes tasklets whose deadline or I/O is due, without waiting.
    ///
    /// On the loop's thread.
    func poll(_ loop: OrderedLoop)

    /// The run queue is empty: waits until something is due or ``wakeUp()`` is called, and wakes what is due.
    ///
    /// On the loop's thread. May return early.
    func wait(_ loop: OrderedLoop)

    /// Makes a ``wait(_:)`` in progress, or else the next one, return.
    ///
    /// From any thread; cheap when called again.
    func wakeUp()
}

/// A backend whose tasklets run at the same time: it executes ready tasklets, on threads of its own.
package protocol ConcurrentDriver: Driver, ThreadParking {
    /// Returns when the runner has finished, on the thread that called `run`.
    func run(_ runner: ConcurrentRunner)

    /// A tasklet became ready: arranges that it is executed, through ``ConcurrentRunner/takeTurn(_:)``.
    ///
    /// With the lock held.
    func enqueue(_ node: NodePointer)

    /// Removes a ready tasklet that has not started its turn.
    ///
    /// Returns false where it has. With the lock held.
    func dequeue(_ node: NodePointer) -> Bool

    /// Whether a tasklet other than the running ones is ready.
    ///
    /// With the lock held.
    var hasOthersReady: Bool { get }

    /// Runs a job that is no tasklet's, through ``ConcurrentRunner/run(_:)``.
    ///
    /// With the lock held.
    func enqueue(_ job: UnownedJob)

    /// Whether tasklets are tasks on the Swift runtime's own pool of threads, without an executor of the driver's.
    ///
    /// Constant.
    var usesRuntimePool: Bool { get }

    /// Lets the kernel run another thread, where tasklets are threads.
    func yieldThread()

    /// All tasklets have ended, or were given up.
    ///
    /// With the lock held.
    func finished()
}

/// Blocking the thread of a tasklet that waits in synchronous code, or that is a thread.
package protocol ThreadParking: AnyObject, Sendable {
    /// Synchronous code of the tasklet, on the calling thread, may be about to wait: makes sure that others can run while
    /// that thread is blocked.
    ///
    /// With the lock held. Throws `system` when no thread is left.
    func prepareToPark(_ node: NodePointer) throws

    /// Blocks the calling thread, which runs the tasklet, until the tasklet has the processor again.
    ///
    /// With the lock held; returns without it.
    func park(_ node: NodePointer)

    /// Lets the parked thread of a tasklet continue.
    ///
    /// On an ordered scheduler, returns when the tasklet has left the processor. On a concurrent one, called without
    /// the lock, as ``SchedulerLock/wakeAfterUnlock(_:)`` arranges.
    func unpark(_ node: NodePointer)
}

/// How a tasklet of an ordered scheduler waits in synchronous code.
package enum SynchronousWaiting: Sendable {
    /// Its machine stack is set aside, and the loop continues on another one.
    ///
    /// Only where all tasklets run on one thread: the runtime's frames on a stack keep addresses of the thread that
    /// they started on.
    case swappingStacks
    /// Its thread blocks.
    case parkingThreads(any ThreadParking)
}
