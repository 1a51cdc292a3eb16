// SPDX-License-Identifier: Apache-2.0

/// How jobs from other threads reach a loop that may be about to wait: `InjectionQueue` and `WakeUp`, step by step.
///
/// Each step stands for one atomic operation, or for one section under the queue's lock, of the code that it quotes.
struct WakeUpMemory: SharedMemory {
    /// `InjectionQueue.queue` and `isFilled`, and how many jobs the loop has taken.
    var queue = 0
    var isFilled = false
    var taken = 0
    /// How many jobs there will be: while some are missing, the loop has a reason to wait.
    let total: Int

    /// `WakeUp.isWaiting`; and a store to it that has not reached memory yet, where it is not sequentially consistent.
    var isWaiting = false
    var isStoreDelayed = false
    /// The eventfd; or, where it is waited for edge-triggered, what was written to it since the last wait.
    var eventfd = 0
    /// `WakeUp.unreadWrites`, and whether the loop reads at all.
    var unreadWrites = 0
    var readsBack = false

    /// Where turns are dispatched: `SerialDispatchScheduler.hasTurnPending`, and how many turns are in the queue.
    var hasTurnPending = false
    var turns = 0

    /// What each thread has read.
    var found: [Bool]

    init(producers: Int, jobsEach: Int, readsBack: Bool = false) {
        self.readsBack = readsBack
        total = producers * jobsEach
        found = .init(repeating: false, count: producers + 1)
    }

    var fault: String? { turns > 1 ? "two turns are in the queue" : nil }

    func faultAtRest(_ places: [String?]) -> String? {
        if taken != total { return "lost wake-up: \(total - taken) of \(total) jobs have not been taken" }
        // Nothing would read it, and it would end each later wait at once.
        return readsBack && eventfd != unreadWrites ? "\(eventfd) writes are left, \(unreadWrites) expected" : nil
    }
}

extension ThreadModel.Thread where Memory == WakeUpMemory {
    /// What the loop does while no tasklet is runnable, and another thread may still wake one.
    ///
    /// - Parameter readsBack: as in `WakeUp`.
    static func loop(readsBack: Bool) -> Self {
        Self(
            name: "loop",
            steps: taking(orElse: "is there more to come") + [
                // OrderedLoop.idle: if state.canStillWake { return loopDriver.wait(self) }
                Step("is there more to come") { memory, _ in memory.taken == memory.total ? .end : .next },
                // WakeUp.wait: isWaiting.store(true, ordering: .sequentiallyConsistent)
                .always("announce the wait") { memory, _ in memory.isWaiting = true },
                // if !hasWork() { wait() }, where hasWork is OrderedLoop.hasInjections
                .always("look for work") { memory, me in memory.found[me] = memory.isFilled },
                // epoll_pwait2, ppoll
                Step("wait") { memory, me in
                    guard !memory.found[me] else { return .next }
                    guard memory.eventfd > 0 else { return .wait }
                    // An edge is reported once; a level persists until it is read back.
                    if !readsBack { memory.eventfd = 0 }
                    return .next
                },
                // if !isWaiting.exchange(false, ordering: .sequentiallyConsistent)
                .always("take the announcement back") { memory, me in
                    // { unreadWrites += 1 }
                    if !memory.isWaiting { memory.unreadWrites += 1 }
                    memory.isWaiting = false
                    memory.isStoreDelayed = false
                },
                // if readsBack, unreadWrites > 0 { drain() }
                .always("read the eventfd") { memory, _ in
                    guard readsBack, memory.unreadWrites > 0 else { return }
                    memory.unreadWrites -= memory.eventfd
                    memory.eventfd = 0
                },
                Step("go round") { _, _ in .go("is there a flag") },
            ]
        )
    }

    /// Stands for `OrderedLoop.takeInjections`, after which the jobs are run, which does not concern this protocol.
    private static func taking(orElse otherwise: String) -> ThreadModel<WakeUpMemory>.Steps {
        [
            // guard !injections.isProbablyEmpty else { return }: isFilled.load(ordering: .relaxed)
            Step("is there a flag") { memory, _ in memory.isFilled ? .next : .go(otherwise) },
            // InjectionQueue.takeAll: isFilled.store(false, ordering: .sequentiallyConsistent)
            .always("clear the flag") { memory, _ in memory.isFilled = false },
            // return queue.withLock { ... }
            .always("empty the queue") { memory, _ in
                memory.taken += memory.queue
                memory.queue = 0
            },
        ]
    }

    /// A thread that injects jobs: `OrderedLoop.inject` and `WakeUp.signal`.
    static func producer(_ number: Int, jobs: Int) -> Self {
        producer(number, jobs: jobs) { prefix in
            [
                // WakeUp.announcesWrite: isWaiting.exchange(false, ordering: .sequentiallyConsistent)
                .always(prefix + "does it wait") { memory, me in
                    guard !memory.found[me] else { return }
                    memory.found[me] = !memory.isWaiting
                    memory.isWaiting = false
                },
                // linux_eventfd_signal(descriptor)
                .always(prefix + "write to the eventfd") { memory, me in
                    if !memory.found[me] { memory.eventfd += 1 }
                },
            ]
        }
    }

    /// - Parameter wakeUp: the steps of the driver's `wakeUp`, which do nothing where the thread has found that another
    ///   one wakes the loop.
    private static func producer(
        _ number: Int,
        jobs: Int,
        _ wakeUp: (_ prefix: String) -> ThreadModel<WakeUpMemory>.Steps
    ) -> Self {
        let steps = (1...jobs).flatMap { job in
            [
                // InjectionQueue.add: queue.withLock { $0.append(injection) }
                .always("\(job). append") { memory, _ in memory.queue += 1 },
                // return !isFilled.exchange(true, ordering: .sequentiallyConsistent), and with that, in
                // OrderedLoop.inject: if injections.add(injection) { loopDriver.wakeUp() }
                .always("\(job). set the flag") { memory, me in
                    memory.found[me] = memory.isFilled
                    memory.isFilled = true
                },
            ] + wakeUp("\(job). ")
        }
        return Self(name: "producer \(number)", steps: steps)
    }
}

// MARK: Delayed stores and writes

extension ThreadModel.Thread where Memory == WakeUpMemory {
    /// The loop reads once for each announcement, whether or not the write has come.
    func readingOnce() -> Self {
        var result = self
        guard let place = steps.firstIndex(where: { $0.name == "read the eventfd" }) else { return self }
        result.steps[place] = .always("read the eventfd, if announced") { memory, _ in
            if memory.unreadWrites > 0 { memory.eventfd = 0 }
            memory.unreadWrites = 0
        }
        return result
    }

    /// The loop's announcement as a plain store: it goes into the processor's store buffer, and reaches memory some
    /// time later.
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
    /// The turns of `SerialDispatchScheduler`: each is a work item, and the next one is dispatched when it is due.
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
            ] + taking(orElse: "outcome") + [
                // OrderedLoop.outcome: if state.canStillWake { return hasInjections ? .ready : .waiting }
                Step("outcome") { memory, _ in
                    if memory.taken == memory.total { return .end }
                    return memory.isFilled ? .next : .go("end the turn")
                },
                // case .ready: scheduleTurn()
                .always("dispatch the next", scheduleTurn),
                Step("end the turn") { _, _ in .go("begin a turn") },
            ]
        )
    }

    /// A thread that injects jobs into it: `OrderedLoop.inject` and `SerialDispatchScheduler.wakeUp`.
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
        // guard !hasTurnPending.exchange(true, ordering: .acquiringAndReleasing) else { return }; dispatchTurn()
        if !memory.hasTurnPending { memory.turns += 1 }
        memory.hasTurnPending = true
    }
}
