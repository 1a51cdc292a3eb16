// SPDX-License-Identifier: Apache-2.0

/// What a thread was at when it was sampled.
package enum Activity: String, Sendable, Hashable, CaseIterable, Codable {
    /// A tasklet's own code, and the system calls that it asked for.
    case user
    /// The scheduler's, on behalf of a tasklet: channels, leaving the processor and getting it back.
    case `switch`
    /// Putting tasklets into the ring and the queues, taking them out, and the loop between two turns.
    case runQueue = "run queue"
    /// Asking the kernel what is ready.
    case poll
    /// Keeping deadlines.
    case timer
    /// Going to sleep because nothing is ready, and waking up.
    case idle
    /// A thread that is no scheduler's, such as the one that a load comes from.
    case outside
    /// The stack could not be told.
    case unknown
}

extension Activity {
    /// Reads a stack, the innermost frame first.
    ///
    /// Whether a tasklet had the processor was noted at the tick; what the thread was at for it, the innermost frames
    /// tell, and at no cost to those that are measured.
    init(of frames: [Frame], owner: Owner) {
        guard !frames.isEmpty else {
            self = .unknown
            return
        }
        switch owner {
        // SwiftNIO and Dispatch have threads of their own, and call the scheduler for its turns.
        case .outside where frames.contains(where: \.isOfLibrarysLoop): self = Self.ofLoop(frames)
        // A thread that is a tasklet's comes to its scheduler, and leaves it.
        case .outside where frames.contains(where: \.isOfTaskletsThread) || frames.areOfThreadLibrary: self = .switch
        case .outside: self = .outside
        case .scheduler: self = Self.ofLoop(frames)
        case .tasklet: self = frames.lazy.compactMap(Self.ofTasklet).first ?? .user
        }
    }

    /// No tasklet has the processor: the loop has.
    ///
    /// To wait it looks, until something comes, and passes on what has come.
    private static func ofLoop(_ frames: [Frame]) -> Activity {
        if frames.contains(where: { $0.isIn("TimerHeap.swift") || $0.isOfDispatchTimers }) { return .timer }
        if frames.contains(where: \.passesOn) { return .poll }
        if frames.contains(where: \.waits) { return .idle }
        return frames.contains(where: \.looks) ? .poll : .runQueue
    }

    /// What a frame tells where a tasklet has the processor; nil where the next one has to.
    private static func ofTasklet(_ frame: Frame) -> Activity? {
        if frame.isIn("TimerHeap.swift") { return .timer }
        if frame.isIn("Ring.swift", "WaitQueue.swift") { return .runQueue }
        if frame.function == "linux_seat_wait" { return .idle }
        if frame.isIn("Node+Operation.swift") || frame.isOfSockets { return .user }
        if frame.waits { return .idle }
        if frame.looks { return .poll }
        if frame.isOfScheduler { return .switch }
        return frame.isOfNobody ? nil : .user
    }
}

extension Frame {
    /// Whether it is of a source file with one of these names.
    func isIn(_ names: String...) -> Bool {
        guard let file else { return false }
        return names.contains { file == $0 || file.hasSuffix("/\($0)") }
    }

    /// The scheduler's core, a backend, or the code that switches.
    var isOfScheduler: Bool {
        if let module { return module == "Tasklets" || module == "SchedulerSupport" || isOfBackend }
        return function.hasPrefix("sw_")
    }

    /// A library of Swift's, or the system's.
    var isOfRuntime: Bool {
        if let module { return Self.runtimeModules.contains(module) }
        guard let object else { return false }
        return object.contains(".so") || object.hasPrefix("[")
    }

    private static let runtimeModules: Set<String> = [
        "Swift", "_Concurrency", "Synchronization", "Dispatch", "Foundation", "FoundationEssentials", "Glibc",
    ]

    /// Code that works for whoever calls it: a library's, the linker's stubs, what the compiler adds, and the system
    /// calls that Swift cannot import.
    fileprivate var isOfNobody: Bool { isOfRuntime || module == nil }

    fileprivate var isOfBackend: Bool { module?.hasSuffix("Backend") == true || module == "NIOPosix" }

    /// A loop that is not ours, of which some or all turns are a scheduler's.
    var isOfLibrarysLoop: Bool {
        module == "NIOPosix" || module == "NIOBackend" || function.hasPrefix("_dispatch_")
    }

    /// A loop that tells sockets that they are ready.
    fileprivate var passesOn: Bool {
        isOfBackend && (function.contains(".passOn(") || function.contains(".handleEvent("))
    }

    /// An operation on a socket, which the tasklet asked for.
    fileprivate var isOfSockets: Bool {
        isIn("SocketEndpoint.swift", "SocketCalls.swift", "StreamChannel.swift", "ListenerChannel.swift")
    }

    /// A loop that waits until something is ready.
    fileprivate var waits: Bool {
        (isOfBackend && Self.waitingFunctions.contains { function.contains($0) }) || isOfDispatchIdling
    }

    private static let waitingFunctions = [".wait(", ".whenReady(", "BlockingSockets.block("]

    /// Where the thread of one tasklet begins and ends.
    fileprivate var isOfTaskletsThread: Bool { isIn("DetachedThread.swift", "TaskletThread.swift") }

    fileprivate var isOfDispatchTimers: Bool {
        function == "_dispatch_event_loop_drain_timers" || function.hasPrefix("_dispatch_timer")
    }

    private var isOfDispatchIdling: Bool {
        function == "_dispatch_sema4_timedwait" || function == "_dispatch_worker_thread_park"
    }

    /// A loop that looks for what is ready.
    fileprivate var looks: Bool {
        (isOfBackend && (function.contains(".poll(") || function.contains(".lookFor(")))
            || function == "_dispatch_event_loop_drain"
    }
}

extension [Frame] {
    /// Whether nothing but the C library starts or ends a thread here.
    fileprivate var areOfThreadLibrary: Bool {
        contains { $0.function == "start_thread" || $0.function == "clone3" }
            && allSatisfy { $0.module == nil && $0.object != nil && $0.isOfRuntime }
    }
}
