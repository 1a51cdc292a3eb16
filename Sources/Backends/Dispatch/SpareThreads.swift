// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SchedulerSupport
internal import Synchronization
internal import Tasklets

/// Threads of our own for turns, used while tasklets that wait in synchronous code block many of Dispatch's.
///
/// Dispatch has 255 threads for all queues of one priority, and what is dispatched while all are blocked waits, without
/// an error. So once ``limit`` of them are blocked, a spare thread runs each further turn, on which the tasklet may
/// block, and the thread of Dispatch's that the turn was dispatched to waits until the turn ends or its tasklet blocks.
/// Dispatch still decides when a turn begins, and how many there are at a time.
///
/// The threads are the process's, as Dispatch's are.
enum SpareThreads {
    /// How many of its threads Dispatch may lose; the others are left to the program.
    private static let limit = 64
    /// How many idle ones stay.
    private static let keptThreads = 8

    private static let blockedCount = Atomic<Int>(0)
    private static let pool = Guarded(Pool())

    private struct Pool {
        var idle: [SpareThread] = []
        /// All that have begun, by their thread.
        var known: [pthread_t: SpareThread] = [:]
        var count = 0
    }

    // MARK: Turns

    /// A thread that is to run the calling thread's turn; nil where that runs it itself.
    ///
    /// Where no thread can be made, some of Dispatch's are left: ``prepare()`` refuses waits long before those run out.
    static func takeIfNeeded() -> SpareThread? {
        guard blockedCount.load(ordering: .relaxed) >= limit else { return nil }
        if let thread = pool.withLock({ $0.idle.popLast() }) { return thread }
        try? addIdle()
        return pool.withLock { $0.idle.popLast() }
    }

    /// Runs `body`, in which a tasklet may block its thread.
    ///
    /// Returns when it ends, or when a spare thread is blocked in it.
    static func perform(_ body: @escaping @Sendable () -> Void) {
        if let thread = takeIfNeeded() { thread.perform(body) } else { body() }
    }

    // MARK: Tasklets that wait in synchronous code

    /// A tasklet is about to block its thread: makes sure that there will be one for the next turn.
    ///
    /// Throws ``SchedulerError`` with code `system` when no thread is left.
    static func prepare() throws(SchedulerError) {
        guard blockedCount.load(ordering: .relaxed) >= limit - 1, pool.withLock({ $0.idle.isEmpty }) else { return }
        try addIdle()
    }

    /// The spare thread that this is; nil on Dispatch's threads.
    static var current: SpareThread? { pool.withLock { $0.known[pthread_self()] } }

    /// One of Dispatch's threads is about to block.
    static func noteBlocked() { blockedCount.add(1, ordering: .relaxed) }

    /// It continues.
    static func noteUnblocked() { blockedCount.subtract(1, ordering: .relaxed) }

    // MARK: The pool

    private static func addIdle() throws(SchedulerError) {
        let count = pool.withLock { pool in
            pool.count += 1
            return pool.count
        }
        let thread = SpareThread()
        let failure: String? =
            if count > ThreadLimit.threads {
                "the limit is \(ThreadLimit.threads)"
            } else {
                DetachedThread.start(thread.run).map { String(cString: strerror($0)) }
            }
        guard let failure else { return pool.withLock { $0.idle.append(thread) } }
        pool.withLock { $0.count -= 1 }
        throw SchedulerError.noSpareThread(failure)
    }

    fileprivate static func begin(_ thread: SpareThread) {
        pool.withLock { $0.known[pthread_self()] = thread }
    }

    /// Returns false where the thread is to end.
    fileprivate static func putBack(_ thread: SpareThread) -> Bool {
        pool.withLock { pool in
            if pool.idle.count < keptThreads {
                pool.idle.append(thread)
                return true
            }
            pool.known[pthread_self()] = nil
            pool.count -= 1
            return false
        }
    }
}

/// A thread that runs one turn after another, each for a thread of Dispatch's.
final class SpareThread: @unchecked Sendable {
    // SAFETY: touched by the thread that has taken it from the pool until it unparks it, and then by the thread itself.
    private let wake = ThreadParker.allocate()
    private var turn: (@Sendable () -> Void)?
    /// The thread that waits for the turn; nil once that has been let go.
    private var borrower: ThreadParker?

    deinit { wake.deallocate() }

    /// Has the thread run `turn`; returns when that ends, or when ``release()`` is called in it.
    func perform(_ turn: @escaping @Sendable () -> Void) {
        ThreadParker.withParker { mine in
            self.turn = turn
            borrower = mine
            wake.unpark()
            mine.park()
        }
    }

    /// Lets the thread that waits for the turn continue, because this one is about to block.
    ///
    /// On the thread itself.
    func release() { borrower.take()?.unpark() }

    fileprivate func run() {
        SpareThreads.begin(self)
        var isKept = true
        while isKept {
            wake.park()
            turn.take()?()
            // In the pool it belongs to the next thread that takes it.
            let borrower = borrower.take()
            isKept = SpareThreads.putBack(self)
            borrower?.unpark()
        }
    }
}

extension SchedulerError {
    fileprivate static func noSpareThread(_ reason: String) -> SchedulerError {
        shortage("no thread is left for another tasklet that waits in synchronous code: \(reason); run fewer of them")
    }
}
