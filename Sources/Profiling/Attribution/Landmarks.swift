// SPDX-License-Identifier: Apache-2.0

/// The code by which the profiler tells what a thread was doing: the only place that names other modules' code.
///
/// Whoever renames one of these declarations renames it here, too; a test finds what has been missed.
enum Landmarks {
    /// The scheduler: its core, its strategies, and the code that switches.
    static let scheduler: [CodeName] = ["Tasklets.*", "SchedulerSupport.*", "*Backend.*", "NIOPosix.*", "sw_*"]

    /// An event loop that belongs to a library and calls the scheduler for its turns.
    static let hostLoop: [CodeName] = ["NIOPosix.*", "NIOBackend.*", "_dispatch_*"]

    /// All that belongs to this package, or to what it is built with.
    static let all =
        scheduler + hostLoop + timers + queues + operations + taskletThreads + poll + wait + park + dispatchEvents
        + dispatchTimers + start + systemCalls

    // MARK: What a tasklet or the loop is in the middle of

    /// Keeps deadlines.
    static let timers: [CodeName] = ["SchedulerSupport.TimerHeap"]

    /// Enqueues and dequeues tasklets.
    static let queues: [CodeName] = [
        "Tasklets.WaitQueue",
        "Tasklets.SchedulerState.append", "Tasklets.SchedulerState.appendToOthers",
        "Tasklets.SchedulerState.insertAfterCurrent", "Tasklets.SchedulerState.link",
        "Tasklets.SchedulerState.remove", "Tasklets.SchedulerState.removeCurrent",
        "Tasklets.SchedulerState.leaveRing", "Tasklets.SchedulerState.leaveConcurrently",
    ]

    /// Performs an I/O operation that the tasklet has asked for.
    static let operations: [CodeName] = [
        "SchedulerSupport.SocketEndpoint", "SchedulerSupport.SocketCalls",
        "NIOBackend.StreamChannel", "NIOBackend.ListenerChannel",
        "Tasklets.Node.perform", "Tasklets.Node.tryToPerform", "Tasklets.Node.wait(at:*", "Tasklets.Node.dropResult",
        "Tasklets.Node.giveWayIfDue", "Tasklets.SchedulerCore.complete", "Tasklets.SchedulerCore.continueOperation",
        "Tasklets.SchedulerCore.cancelOperation", "Tasklets.SchedulerCore.perform",
        "Tasklets.SchedulerCore.doOutsideRuns", "Tasklets.SchedulerCore.inOrder",
        "Tasklets.SchedulerCore.close",
    ]

    /// Where the thread of a single tasklet begins and ends.
    static let taskletThreads: [CodeName] = ["Tasklets.DetachedThread", "ThreadPerTaskBackend.TaskletThread"]

    // MARK: How the loop looks outside

    /// Asks the kernel what is ready.
    static let poll: [CodeName] = [
        "*Backend.*.poll", "EpollBackend.EpollSockets.lookFor", "_dispatch_event_loop_drain",
    ]

    /// Waits until something is ready.
    static let wait: [CodeName] = [
        "*Backend.*.wait", "ThreadPerTaskBackend.BlockingSockets.block", "NIOPosix.Selector.whenReady",
        "_dispatch_sema4_timedwait", "_dispatch_worker_thread_park",
    ]

    /// Waits on behalf of one tasklet, whose thread sleeps.
    static let park: [CodeName] = ["linux_seat_wait"]

    /// Dispatches events to the sockets that they belong to.
    static let dispatchEvents: [CodeName] = [
        "EpollBackend.EpollSockets.passOn", "RoundRobinBackend.PolledSockets.passOn",
        "NIOPosix.SelectableEventLoop.handleEvent",
    ]

    /// Dispatch's own timers.
    static let dispatchTimers: [CodeName] = ["_dispatch_event_loop_drain_timers", "_dispatch_timer*"]

    // MARK: Where stacks begin

    /// Where a tasklet or a loop is resumed, or a job of the Swift runtime starts.
    static let start: [CodeName] = [
        "sw_resume", "swift::runJobInEstablishedExecutorContext", "swift_job_run", "swift_job_run_on_task_executor",
    ]

    /// Where the C library starts a thread.
    static let threadStart: [CodeName] = ["start_thread", "clone3"]

    // MARK: Code that serves any caller

    /// Modules of Swift's own libraries.
    static let runtimeModules: [CodeName] = [
        "Swift.*", "_Concurrency.*", "Synchronization.*", "Dispatch.*", "Foundation.*", "FoundationEssentials.*",
        "Glibc.*",
    ]

    /// System calls that Swift cannot import.
    static let systemCalls: [CodeName] = ["linux_*"]
}
