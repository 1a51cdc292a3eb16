// SPDX-License-Identifier: Apache-2.0

/// Runs tasklets.
public protocol Scheduler: AnyObject, Sendable {
    /// Whether one tasklet runs at a time, in the order that Stackless defines.
    var isOrdered: Bool { get }

    /// How its tasklets leave the processor.
    ///
    /// As asked for, or `continuation` where the Swift runtime does not allow that.
    var switching: Switching { get }

    /// A snapshot of all counts since creation.
    ///
    /// To be read by the scheduler's tasklets, or while it does not run; in an actor on another thread than the
    /// scheduler's, what is counted meanwhile may be missing.
    var counters: SchedulerCounters { get }

    /// Every tasklet that waits for another.
    ///
    /// To be read by the scheduler's tasklets, or while it does not run; empty in an actor on another thread than the
    /// scheduler's.
    var blockedTasklets: [BlockedTasklet] { get }

    /// While it is greater than 0, an operation that would switch throws ``SchedulerError`` with code `switchTrap`
    /// instead, and changes nothing.
    ///
    /// A counter, so that uses can be nested. A tasklet's end is exempt, and so is switching to oneself. On a
    /// concurrent scheduler it is unknown whether there is another tasklet to switch to, so there every operation that
    /// yields throws. Stackless's `switch_trap`.
    var switchTrap: Int { get set }

    /// Called with an error that a tasklet has not caught, in that tasklet.
    ///
    /// This, the callbacks and the switch trap are to be set by the scheduler's tasklets, or while it does not run.
    ///
    /// When it returns, the error is handled; when it throws, what it throws takes the error's place. Without one, the
    /// error is thrown by the innermost ``Tasklet/runAll(budget:)``, or else out of main's present suspension. Not
    /// called for ``TaskletExit``. Stackless's `set_error_handler`.
    var errorHandler: (@Sendable (Tasklet, any Error) throws -> Void)? { get set }

    /// Called at every real switch, a tasklet's end included, in the tasklet that leaves the processor; not when the
    /// Swift runtime suspends one.
    ///
    /// `next` is nil when no tasklet is runnable; then, once one is, it is called with `previous` nil, and outside any
    /// tasklet. On a concurrent scheduler, `next` is always nil. It must not schedule: an operation that would throws
    /// `recursiveCallback`.
    ///
    /// Stackless's `set_schedule_callback`.
    var scheduleCallback: (@Sendable (_ previous: Tasklet?, _ next: Tasklet?) -> Void)? { get set }

    /// Called before every operation on a channel, in the tasklet that acts.
    ///
    /// It must not use channels or schedule: such an operation throws `recursiveCallback`. Stackless's
    /// `set_channel_callback`.
    var channelCallback: (@Sendable (ChannelEvent) -> Void)? { get set }

    /// Runs `main` as the main tasklet.
    ///
    /// That has the calling thread, except that `thread-per-task` gives it one of its own, like every tasklet, that
    /// `dispatch` and `swift-concurrency` run it on Dispatch's, and that `nio` does, too, where the calling thread is an
    /// event loop already.
    ///
    /// Returns once `main` and every tasklet spawned have ended. Paused tasklets do not count.
    ///
    /// On the main thread, the main actor's jobs run meanwhile, as in a run loop; so tasklets may call it. An actor
    /// whose method calls `run` is held until that returns: no tasklet must call that actor, since it would wait for
    /// ever. So in an async program, call `run` outside every actor, the main actor included; and not in an ordinary
    /// task, since it keeps one of the few threads that the tasks which tasklets wait for need, but on a thread of its
    /// own.
    ///
    /// While a descriptor is missing, operations that need one throw; but where an ordinary task waits for one of
    /// those threads meanwhile, libdispatch, which counts the busy ones once a second, ends the process with SIGILL
    /// (`_dispatch_workq_monitor_pools`). So a program that may run out should not use ordinary tasks.
    ///
    /// - Returns: what `main` returned.
    /// - Throws: ``SchedulerError`` with code `unsupported` if the scheduler runs already, and `system` if no
    ///   descriptor or thread is left that a run needs; then nothing has run. What `main` threw; else an error that no
    ///   tasklet caught; else ``SchedulerError`` with ``SchedulerError/Code-swift.enum/deadlock`` and every blocked
    ///   tasklet, when nothing can run any more. Those are then killed, so that their `defer`s run; one that catches
    ///   that and waits again is given up after a hundred times, which the error says, or, where another error is
    ///   thrown, a line on standard error; it never runs again, and what it refers to is not freed.
    func run<R: Sendable>(_ main: @escaping @Sendable () async throws -> R) throws -> R
}

/// What a scheduler is made with.
public struct SchedulerOptions: Sendable {
    /// How tasklets leave the processor; the backend's default where nil.
    public var switching: Switching?
    /// How many tasklets may run at the same time, where the backend can run several; its default where nil.
    ///
    /// `dispatch` has 1 by default, and at most 128; `thread-per-task` has one for each tasklet, `swift-concurrency` what
    /// the Swift runtime's pool has, and the others have 1: they refuse other numbers.
    public var workers: Int?
    /// How many switches `epoll` and `io-uring` make between two polls of sockets and deadlines, while tasklets are
    /// runnable; 64 where nil.
    ///
    /// Fewer keep sleepers and sockets waiting for less time, and cost a system call each, on `io-uring` where it has
    /// something to do; a value below 1 counts as 1.
    public var pollInterval: Int?
    /// How many bytes of stack a tasklet has for its synchronous calls, from 64 KiB to 1 GiB; the backend's default
    /// where nil.
    ///
    /// The default is 512 KiB for `thread-per-task`, and 256 KiB wherever tasklets have stacks of their own: with hard
    /// switching, on `nio`, and, on `round-robin`, `epoll` and `io-uring`, for the tasklets that run after one has waited
    /// in synchronous code. Until then those run on the stack of the thread that called `run`. With slices, all tasklets
    /// share one of 256 KiB. The main tasklet of `thread-per-task` has 8 MiB, if the size is not larger. With a size
    /// given, these three give all tasklets stacks of their own, except on a Swift runtime that they do not know.
    /// `dispatch` and `swift-concurrency` do not support one: their threads' stacks are Dispatch's.
    ///
    /// A stack reserves memory, and takes up what was used of it. A tasklet that overflows its stack ends the process
    /// with SIGABRT, and a line on standard error that names the tasklet and the size; in an actor's method, the line
    /// names no tasklet.
    public var stackSize: Int?
    /// Treats the Swift runtime as an unknown one, as on a system whose runtime the switching code does not know.
    package var distrustsRuntime = false
    /// Treats the runtime's tasks as larger than the memory that the scheduler would make them in.
    package var distrustsTaskSize = false
    /// Makes system calls on sockets fail, for tests.
    package var socketFaults: SocketFaults?
    /// How many buffers `io-uring` lends to the kernel, a power of two; its default where nil.
    package var ringBuffers: Int?
    /// Gets memory that `io-uring` has lent to the kernel, which has let go of it, instead of its being freed: for tests.
    package var retiresMemory: (@Sendable (UnsafeMutableRawBufferPointer) -> Void)?
    /// What looks names up; tests have their own.
    package var names = NameService.system

    /// The defaults of the backend.
    public init() {}

    /// As given; nil is the backend's default.
    public init(switching: Switching?, workers: Int? = nil) {
        self.switching = switching
        self.workers = workers
    }
}

/// What a tasklet is about to do with a channel.
public struct ChannelEvent: Sendable {
    /// The channel's name; empty where it has none.
    public var channel: String
    /// The tasklet that acts.
    public var tasklet: Tasklet
    /// Whether it sends, or receives.
    public var isSending: Bool
    /// Whether no partner waits at the other end, and so the tasklet will have to.
    public var willBlock: Bool
}
