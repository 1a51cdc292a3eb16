// SPDX-License-Identifier: Apache-2.0

/// The code by which the profiler recognises what a thread was doing; nothing else here names code of other modules.
///
/// A test fails if a name stands for nothing, so that a rename cannot silently change profiles.
enum Landmarks {
    /// The scheduler: its core, its strategies, and the code that switches.
    static let scheduler: [CodeName] = ["Tasklets.*", "SchedulerSupport.*", "*Backend.*", "NIOPosix.*", "sw_*"]

    /// An event loop that belongs to a library and calls the scheduler for its turns.
    static let hostLoop: [CodeName] = ["NIOPosix.*", "NIOBackend.*", "_dispatch_*"]

    /// All names of code in this package, its dependencies and the Swift runtime, for the test.
    static let all =
        scheduler + hostLoop + timers + queues + operations + taskletThreads + poll + wait + park + dispatchEvents
        + dispatchTimers + start + systemCalls

    // MARK: Work for tasklets

    /// Keeping deadlines.
    static let timers: [CodeName] = ["SchedulerSupport.TimerHeap"]

    /// Enqueuing and dequeuing tasklets.
    static let queues: [CodeName] = [
        "Tasklets.RunQueue", "Tasklets.WaitQueue", "Tasklets.SchedulerState.leaveRunQueue",
        "Tasklets.ConcurrentRunner.leaveRunQueue",
    ]

    /// Performing an I/O operation for a tasklet.
    static let operations: [CodeName] = [
        "SchedulerSupport.SocketEndpoint", "SchedulerSupport.SocketCalls",
        "NIOBackend.StreamChannel", "NIOBackend.ListenerChannel",
        "Tasklets.Node.perform", "Tasklets.Node.tryToPerform", "Tasklets.Node.performUnlessTimedOut",
        "Tasklets.Node.planWait(at:*", "Tasklets.Node.dropResult", "Tasklets.Node.cancelOperation",
        "Tasklets.SchedulerCore.complete", "Tasklets.SchedulerCore.close",
    ]

    /// Where the thread of a single tasklet begins and ends.
    static let taskletThreads: [CodeName] = ["Tasklets.DetachedThread", "ThreadPerTaskBackend.TaskletThread"]

    // MARK: Waiting and polling

    /// Asking the kernel what is ready.
    static let poll: [CodeName] = [
        "*Backend.*.poll", "EpollBackend.EpollSockets.pollEvents", "_dispatch_event_loop_drain",
    ]

    /// Waiting until something is ready.
    static let wait: [CodeName] = [
        "*Backend.*.wait", "ThreadPerTaskBackend.BlockingSockets.block", "NIOPosix.Selector.whenReady",
        "_dispatch_sema4_timedwait", "_dispatch_worker_thread_park",
    ]

    /// Blocking the thread of a single tasklet.
    static let park: [CodeName] = ["linux_parker_wait"]

    /// Dispatching events to their sockets.
    static let dispatchEvents: [CodeName] = [
        "EpollBackend.EpollSockets.dispatch", "RoundRobinBackend.PolledSockets.dispatch",
        "RoundRobinBackend.PolledSockets.dispatchEvents", "SchedulerSupport.DispatchReadiness.handleEvents",
        "SchedulerSupport.DispatchReadiness.handle",
        "NIOPosix.SelectableEventLoop.handleEvent",
    ]

    /// Dispatch's own timers.
    static let dispatchTimers: [CodeName] = ["_dispatch_event_loop_drain_timers", "_dispatch_timer*"]

    // MARK: The start of stacks

    /// Resuming a tasklet or a loop, or starting a job of the Swift runtime.
    static let start: [CodeName] = [
        "sw_resume", "swift::runJobInEstablishedExecutorContext", "swift_job_run", "swift_job_run_on_task_executor",
    ]

    /// The start of a thread in the C library, which is not part of ``all``.
    static let threadStart: [CodeName] = ["start_thread", "clone3"]

    // MARK: Code that serves any caller

    /// The modules of Swift's own libraries, which are not part of ``all``.
    static let runtimeModules: [CodeName] = [
        "Swift.*", "_Concurrency.*", "Synchronization.*", "Dispatch.*", "Foundation.*", "FoundationEssentials.*",
        "Glibc.*",
    ]

    /// System calls that Swift cannot import.
    static let systemCalls: [CodeName] = ["linux_*"]
}
