// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// What other threads leave for an ordered scheduler's loop: jobs, wake-ups, and calls.
///
/// What is injected is in the queue before the flag is set, and the loop clears the flag before it empties the queue:
/// so either the loop sees it, or the flag is set again and wakes the loop once more.
final class InjectionQueue: Sendable {
    private let queue = Guarded<[Injection]>([])
    private let isFilled = Atomic<Bool>(false)
    /// The ids of the last tasklets of the last run that has ended: of those made on the loop's thread, and on others.
    private let lastOfEndedRun = Atomic<UInt64>(0)
    private let lastOfForeignThreads = Atomic<UInt64>(0)

    /// From any thread.
    ///
    /// Returns whether the loop has to be woken. Sequentially consistent, so that a loop about to wait sees the flag,
    /// or its wake-up sees that the loop waits.
    func add(_ injection: Injection) -> Bool {
        queue.withLock { $0.append(injection) }
        return !isFilled.exchange(true, ordering: .sequentiallyConsistent)
    }

    /// Whether other threads have left anything that is still to be taken; a hint on any other thread than the loop's.
    var isEmpty: Bool { !isFilled.load(ordering: .sequentiallyConsistent) }

    /// The same, where a later look makes up for a missed one.
    var isProbablyEmpty: Bool { !isFilled.load(ordering: .relaxed) }

    /// Empties the queue.
    ///
    /// On the loop's thread.
    func takeAll() -> [Injection] {
        isFilled.store(false, ordering: .sequentiallyConsistent)
        return queue.withLock { queue in
            defer { queue.removeAll(keepingCapacity: true) }
            return queue
        }
    }

    // MARK: After a run

    /// A run has ended whose tasklets have ids up to `id`, or, made on other threads than the loop's, up to `foreignID`.
    func noteEndedRun(upTo id: UInt64, andOfForeignThreads foreignID: UInt64) {
        lastOfForeignThreads.store(foreignID, ordering: .releasing)
        lastOfEndedRun.store(id, ordering: .releasing)
    }

    /// Takes what need not wait for another run: wake-ups of tasklets that have ended are dropped, which would keep
    /// their tasklets, and so the scheduler; calls are returned, to be made at once.
    ///
    /// The next run may have begun by then, on another thread; its tasklets have higher ids.
    func takeLateCalls() -> [@Sendable () -> Void] {
        let last = lastOfEndedRun.load(ordering: .acquiring)
        let lastForeign = lastOfForeignThreads.load(ordering: .acquiring)
        // A dropped injection may hold the last reference to a tasklet, whose deinit must not find the lock held.
        let late = queue.withLock { queue in
            let late = queue.filter { $0.isLate(last, lastForeign) }
            queue.removeAll { $0.isLate(last, lastForeign) }
            return late
        }
        return late.compactMap { if case .call(let body) = $0 { body } else { nil } }
    }
}

enum Injection {
    case job(UnownedJob)
    /// A one-shot value that the tasklet waits for is there.
    case wakeUp(Tasklet)
    /// Something to be done in the scheduler's order.
    case call(@Sendable () -> Void)

    /// Where the ids of tasklets begin that are made on other threads than the loop's.
    static let firstIDOfForeignThreads: UInt64 = 1 << 48

    /// Whether it need not wait for a run, where no run has tasklets with ids beyond `last`, or `lastForeign`.
    fileprivate func isLate(_ last: UInt64, _ lastForeign: UInt64) -> Bool {
        switch self {
        case .job: false
        case .wakeUp(let tasklet):
            tasklet.id <= (tasklet.id < Self.firstIDOfForeignThreads ? last : lastForeign)
        case .call: true
        }
    }
}
