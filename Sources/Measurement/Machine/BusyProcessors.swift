// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import Synchronization

/// Processors that are kept from idling for a while, so that no wake-up contains the machine's way out of idle.
///
/// On each, a thread of the policy SCHED_IDLE spins, which gives way to every other thread at once. It spins without
/// the processor's pause instruction: hypervisors take a loop with that for one that waits, and take the processor
/// away.
package struct BusyProcessors: Sendable {
    private let cpus: CPUSet
    private let giveWay: @Sendable (Int32) -> Bool

    /// - Parameters:
    ///   - cpus: the processors.
    ///   - giveWay: makes a thread, by the kernel's number, give way to all others; returns false if that is refused.
    package init(
        _ cpus: CPUSet,
        giveWay: @escaping @Sendable (Int32) -> Bool = { Self.makeGiveWay($0) }
    ) {
        self.cpus = cpus
        self.giveWay = giveWay
    }

    /// Makes a thread give way to all others; returns false if the kernel refuses.
    package static func makeGiveWay(_ thread: Int32) -> Bool { linux_run_only_when_idle(thread) == 0 }

    /// Runs a body while a thread spins on each of the processors; all of them end when this returns or throws.
    ///
    /// Returns nil, and does not run the body, where a thread cannot be started that gives way to all others.
    package func keep<R>(during body: () async throws -> R) async throws -> R? {
        let spinners = cpus.numbers.map { Spinner(on: $0, giveWay) }
        defer { for spinner in spinners { spinner.stop() } }
        guard spinners.allSatisfy(\.isSpinning) else { return nil }
        return try await body()
    }
}

/// A thread that spins on a processor.
///
/// It does nothing that another thread waits for without limit once it gives way to all others: on a processor that has
/// other work, it may then not run for seconds.
// SAFETY: the semaphores are in memory that this object owns and frees when its last reference goes away; the thread
// holds a reference while it runs. The thread writes `isPinned` and `number` before it posts the semaphore for which
// the reader waits; the other variables belong to the thread that created the object.
private final class Spinner: @unchecked Sendable {
    private let cpu: Int
    private let semaphores = UnsafeMutablePointer<sem_t>.allocate(capacity: 3)
    private let isStopped = Atomic(false)
    private var isPinned = false
    private var number: Int32 = 0
    private var exists = false
    /// Whether the thread is on its processor, and gives way to others.
    private(set) var isSpinning = false

    private var hasStarted: UnsafeMutablePointer<sem_t> { semaphores }
    private var maySpin: UnsafeMutablePointer<sem_t> { semaphores + 1 }
    private var isEnding: UnsafeMutablePointer<sem_t> { semaphores + 2 }

    /// Starts a thread, and lets it spin if it gives way to others.
    init(on cpu: Int, _ giveWay: (Int32) -> Bool) {
        self.cpu = cpu
        for index in 0..<3 { sem_init(semaphores + index, 0, 0) }
        exists = start()
        guard exists else { return }
        while sem_wait(hasStarted) != 0 {}
        isSpinning = isPinned && giveWay(number)
        if isSpinning { sem_post(maySpin) }
    }

    deinit { semaphores.deallocate() }

    /// Ends the thread, and waits for that, but no longer than a twentieth of a second: then it ends as soon as its
    /// processor has nothing else to do.
    func stop() {
        guard exists else { return }
        isStopped.store(true, ordering: .relaxed)
        if !isSpinning { sem_post(maySpin) }
        var limit = timespec()
        clock_gettime(CLOCK_REALTIME, &limit)
        limit.tv_nsec += 50_000_000
        if limit.tv_nsec >= 1_000_000_000 {
            limit.tv_nsec -= 1_000_000_000
            limit.tv_sec += 1
        }
        while sem_timedwait(isEnding, &limit) != 0 && errno == EINTR {}
    }

    /// Returns false if no thread can be created.
    private func start() -> Bool {
        guard let thread = MachineThread.start({ self.run() }) else { return false }
        pthread_detach(thread)
        return true
    }

    private func run() {
        isPinned = CPUSet([cpu]).pinCurrentThread()
        number = linux_thread_number()
        sem_post(hasStarted)
        while sem_wait(maySpin) != 0 {}
        while !isStopped.load(ordering: .relaxed) {}
        sem_post(isEnding)
    }
}
