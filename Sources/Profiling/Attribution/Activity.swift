// SPDX-License-Identifier: Apache-2.0

/// What a thread was doing when it was sampled.
package enum Activity: String, Sendable, Hashable, CaseIterable, Codable {
    /// A tasklet's own code, and the system calls that it makes.
    case user
    /// The scheduler on behalf of a tasklet: channels, and switching.
    case `switch`
    /// Enqueuing and dequeuing tasklets, and the loop between two turns.
    case runQueue = "run queue"
    /// Asking the kernel what is ready, and dispatching it.
    case poll
    /// Keeping deadlines.
    case timer
    /// Going to sleep because nothing is ready, and waking up.
    case idle
    /// A thread that runs no scheduler, such as the one that reads a load generator's replies.
    case outside
    /// The stack could not be walked.
    case unknown
}

extension Activity {
    /// Classifies a stack, whose innermost frame comes first.
    ///
    /// The signal handler noted whether a tasklet had the processor; the frames tell the rest, at no cost to the code
    /// that is measured.
    init(of frames: [Frame], owner: Owner) {
        guard !frames.isEmpty else {
            self = .unknown
            return
        }
        switch owner {
        // SwiftNIO and Dispatch have threads of their own, and call the scheduler for its turns.
        case .outside where frames.contains(where: \.isOfHostLoop): self = Self.ofLoop(frames)
        // A tasklet's own thread, before it enters the scheduler and after it leaves.
        case .outside where frames.contains(where: Landmarks.taskletThreads.match) || frames.areOfThreadLibrary:
            self = .switch
        case .outside: self = .outside
        case .scheduler: self = Self.ofLoop(frames)
        case .tasklet: self = frames.lazy.compactMap(Self.ofTasklet).first ?? .user
        }
    }

    /// The loop has the processor, and no tasklet.
    ///
    /// To wait, the loop polls until something comes, and then dispatches it: so the order of these questions matters.
    private static func ofLoop(_ frames: [Frame]) -> Activity {
        if frames.contains(where: (Landmarks.timers + Landmarks.dispatchTimers).match) { return .timer }
        if frames.contains(where: Landmarks.dispatchEvents.match) { return .poll }
        if frames.contains(where: Landmarks.wait.match) { return .idle }
        return frames.contains(where: Landmarks.poll.match) ? .poll : .runQueue
    }

    /// What a frame says while a tasklet has the processor; nil where its caller has to be asked.
    private static func ofTasklet(_ frame: Frame) -> Activity? {
        if Landmarks.timers.match(frame) { return .timer }
        if Landmarks.queues.match(frame) { return .runQueue }
        if Landmarks.park.match(frame) { return .idle }
        if Landmarks.operations.match(frame) { return .user }
        if Landmarks.wait.match(frame) { return .idle }
        if Landmarks.poll.match(frame) { return .poll }
        if frame.isOfScheduler { return .switch }
        return frame.servesAnyCaller ? nil : .user
    }
}

extension Frame {
    /// Whether it belongs to the scheduler's core, to a backend, or to the code that switches.
    var isOfScheduler: Bool { Landmarks.scheduler.match(self) }

    /// Whether it belongs to a library's event loop, some or all of whose turns are a scheduler's.
    var isOfHostLoop: Bool { Landmarks.hostLoop.match(self) }

    /// Whether it belongs to Swift's libraries or to the system's.
    var isOfRuntime: Bool {
        if module != nil { return Landmarks.runtimeModules.match(self) }
        guard let object else { return false }
        return object.contains(".so") || object.hasPrefix("[")
    }

    /// Whether it works for its caller: libraries, linker stubs, thunks, and system calls that Swift cannot import.
    fileprivate var servesAnyCaller: Bool { isOfRuntime || module == nil }
}

extension [Frame] {
    /// Whether the C library starts or ends a thread here, and nothing else runs.
    fileprivate var areOfThreadLibrary: Bool {
        contains(where: Landmarks.threadStart.match)
            && allSatisfy { $0.module == nil && $0.object != nil && $0.isOfRuntime }
    }
}
