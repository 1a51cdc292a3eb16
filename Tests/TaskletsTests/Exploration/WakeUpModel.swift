// SPDX-License-Identifier: Apache-2.0

/// How jobs from other threads reach a loop that may be about to wait: `SchedulerCore+Jobs` and `WakeUp`, step by step.
///
/// Each step stands for one atomic operation, or one section under the queue's lock, of the code that is quoted beside
/// it.
struct WakeUpMemory: SharedMemory {
    /// `injected`, `hasInjected`, and how many jobs the loop has taken over.
    var queue = 0
    var hasInjected = false
    var taken = 0
    /// How many jobs there will be: as long as some are missing, the loop has reason to wait.
    let total: Int

    /// `WakeUp.isWaiting`; and a store to it that is still on its way, where it is not sequentially consistent.
    var isWaiting = false
    var isStoreDelayed = false
    /// The eventfd can be read; or, where it is waited for edge-triggered, has been written to since the last wait.
    var isSignalled = false

    /// For the schedulers whose turns are dispatched: `hasTurnPending`, and how many turns are in the queue.
    var hasTurnPending = false
    var turns = 0

    /// What each thread has found out.
    var found: [Bool]

    init(producers: Int, jobsEach: Int) {
        total = producers * jobsEach
        found = .init(repeating: false, count: producers + 1)
    }

    var fault: String? { turns > 1 ? "two turns are in the queue" : nil }

    func faultAtRest(_ places: [String?]) -> String? {
        taken == total ? nil : "lost wake-up: \(total - taken) of \(total) jobs have not been taken over"
    }
}

extension ThreadModel.Thread where Memory == WakeUpMemory {
    /// What the loop does while nobody is runnable, and somebody is expected back from another thread.
    ///
    /// - Parameter readsBack: as in `WakeUp`.
    static func loop(readsBack: Bool) -> Self {
        Self(
            name: "loop",
            steps: taking(orElse: "is there more to come") + [
                // SchedulerCore.idle: if canStillWake { return strategy.wait(self) }
                Step("is there more to come") { memory, _ in memory.taken == memory.total ? .end : .next },
                // WakeUp.wait: isWaiting.store(true, ordering: .sequentiallyConsistent)
                .always("announce the wait") { memory, _ in memory.isWaiting = true },
                // if !hasWork() { wait() }: core.hasInjectedJobs
                .always("look for work") { memory, me in memory.found[me] = memory.hasInjected },
                // epoll_pwait2, ppoll
                Step("wait") { memory, me in
                    guard !memory.found[me] else { return .next }
                    guard memory.isSignalled else { return .wait }
                    // An edge is reported once; a level is there until it is read back.
                    if !readsBack { memory.isSignalled = false }
                    return .next
                },
                // if !isWaiting.exchange(false, ordering: .sequentiallyConsistent)
                .always("take the announcement back") { memory, me in
                    memory.found[me] = !memory.isWaiting
                    memory.isWaiting = false
                    memory.isStoreDelayed = false
                },
                // readsBack { drain() }
                .always("read the eventfd") { memory, me in
                    if memory.found[me], readsBack { memory.isSignalled = false }
                },
                Step("go round") { _, _ in .go("is there a flag") },
            ]
        )
    }

    /// Stands for `SchedulerCore.takeInjected`, after which the jobs are run: that is nothing to this protocol.
    private static func taking(orElse otherwise: String) -> ThreadModel<WakeUpMemory>.Steps {
        [
            // guard hasInjected.load(ordering: .relaxed) else { return }
            Step("is there a flag") { memory, _ in memory.hasInjected ? .next : .go(otherwise) },
            // hasInjected.store(false, ordering: .sequentiallyConsistent)
            .always("clear the flag") { memory, _ in memory.hasInjected = false },
            // let batch = injected.withLock { ... }
            .always("empty the queue") { memory, _ in
                memory.taken += memory.queue
                memory.queue = 0
            },
        ]
    }

    /// A thread that brings jobs: `SchedulerCore.inject` and `WakeUp.signal`.
    static func producer(_ number: Int, jobs: Int) -> Self {
        producer(number, jobs: jobs) { prefix in
            [
                // WakeUp.signal: guard isWaiting.exchange(false, ordering: .sequentiallyConsistent) else { return }
                .always(prefix + "does it wait") { memory, me in
                    guard !memory.found[me] else { return }
                    memory.found[me] = !memory.isWaiting
                    memory.isWaiting = false
                },
                // linux_eventfd_signal(descriptor)
                .always(prefix + "write to the eventfd") { memory, me in
                    if !memory.found[me] { memory.isSignalled = true }
                },
            ]
        }
    }

    /// - Parameter wakeUp: the steps of the strategy's `wakeUp`, which are to do nothing where the thread has found
    ///   that somebody else wakes the loop.
    private static func producer(
        _ number: Int,
        jobs: Int,
        _ wakeUp: (_ prefix: String) -> ThreadModel<WakeUpMemory>.Steps
    ) -> Self {
        let steps = (1...jobs).flatMap { job in
            [
                // injected.withLock { $0.append(injection) }
                .always("\(job). append") { memory, _ in memory.queue += 1 },
                // if !hasInjected.exchange(true, ordering: .sequentiallyConsistent) { strategy.wakeUp() }
                .always("\(job). set the flag") { memory, me in
                    memory.found[me] = memory.hasInjected
                    memory.hasInjected = true
                },
            ] + wakeUp("\(job). ")
        }
        return Self(name: "producer \(number)", steps: steps)
    }
}

// MARK: Stores that are delayed

extension ThreadModel.Thread where Memory == WakeUpMemory {
    /// The loop's announcement as a plain store: it goes into the processor's store buffer, from where it reaches
    /// memory at some later time.
    func storingLate() -> Self {
        var result = self
        guard let place = steps.firstIndex(where: { $0.name == "announce the wait" }) else { return self }
        result.steps[place] = .always("announce the wait, some time") { memory, _ in memory.isStoreDelayed = true }
        return result
    }

    /// The store buffer.
    static var storeBuffer: Self {
        Self(
            name: "store buffer",
            steps: [
                Step("the announcement arrives") { memory, _ in
                    guard memory.isStoreDelayed else { return .wait }
                    memory.isStoreDelayed = false
                    memory.isWaiting = true
                    return .go("the announcement arrives")
                }
            ]
        )
    }
}

// MARK: Turns on a queue

extension ThreadModel.Thread where Memory == WakeUpMemory {
    /// Turns as `SerialDispatchScheduler` has them: each is a work item, and the next one is dispatched when it is due.
    static var turns: Self {
        Self(
            name: "queue",
            steps: [
                Step("begin a turn") { memory, _ in
                    guard memory.turns > 0 else { return .wait }
                    memory.turns -= 1
                    return .next
                },
                // hasTurnPending.store(false, ordering: .sequentiallyConsistent)
                .always("no turn is pending") { memory, _ in memory.hasTurnPending = false },
            ] + taking(orElse: "outlook") + [
                // SchedulerCore.outlook: if canStillWake { return hasInjectedJobs ? .ready : .waiting }
                Step("outlook") { memory, _ in
                    if memory.taken == memory.total { return .end }
                    return memory.hasInjected ? .next : .go("end the turn")
                },
                // case .ready: scheduleTurn()
                .always("dispatch the next", scheduleTurn),
                Step("end the turn") { _, _ in .go("begin a turn") },
            ]
        )
    }

    /// A thread that brings jobs to it: `SchedulerCore.inject` and `SerialDispatchScheduler.wakeUp`.
    static func dispatchingProducer(_ number: Int, jobs: Int) -> Self {
        producer(number, jobs: jobs) { prefix in
            [
                .always(prefix + "dispatch a turn") { memory, me in
                    if !memory.found[me] { scheduleTurn(&memory, me) }
                }
            ]
        }
    }

    /// Stands for `SerialDispatchScheduler.scheduleTurn`.
    private static func scheduleTurn(_ memory: inout WakeUpMemory, _ me: Int) {
        // guard !hasTurnPending.exchange(true) else { return }; dispatchTurn()
        if !memory.hasTurnPending { memory.turns += 1 }
        memory.hasTurnPending = true
    }
}
