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
    private let givesWay: @Sendable () -> Bool

    /// - Parameters:
    ///   - cpus: the processors.
    ///   - givesWay: makes the calling thread give way to all others, and returns false where that is refused.
    package init(
        _ cpus: CPUSet,
        givesWay: @escaping @Sendable () -> Bool = { Self.giveWay() }
    ) {
        self.cpus = cpus
        self.givesWay = givesWay
    }

    /// Makes the calling thread give way to all others; returns false if the kernel refuses.
    static func giveWay() -> Bool { linux_run_only_when_idle() == 0 }

    /// Runs a body while a thread spins on each of the processors; all of them have ended when this returns or
    /// throws.
    ///
    /// Returns nil, and does not run the body, where a thread cannot be started that gives way to all others.
    package func keep<R>(during body: () async throws -> R) async throws -> R? {
        let spinners = cpus.numbers.map { Spinner(on: $0, givesWay) }
        defer { for spinner in spinners { spinner.stop() } }
        guard spinners.allSatisfy(\.isSpinning) else { return nil }
        return try await body()
    }
}

// SAFETY: the semaphore is in memory that this object owns and frees when its last reference goes away; the thread
// holds a reference while it runs. `thread` and `isSpinning` are written before another thread sees the object, and
// `isAccepted` by the spinning thread before it posts the semaphore, for which the reader waits.
private final class Spinner: @unchecked Sendable {
    private let cpu: Int
    private let givesWay: @Sendable () -> Bool
    private let isStopped = Atomic(false)
    private let hasStarted = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    private var isAccepted = false
    private var thread: pthread_t?
    /// Whether the thread runs, on its processor, and gives way to others.
    private(set) var isSpinning = false

    /// Starts a thread, and waits until it spins, or has found that it may not.
    init(on cpu: Int, _ givesWay: @escaping @Sendable () -> Bool) {
        self.cpu = cpu
        self.givesWay = givesWay
        sem_init(hasStarted, 0, 0)
        thread = start()
        guard thread != nil else { return }
        while sem_wait(hasStarted) != 0 {}
        isSpinning = isAccepted
    }

    deinit { hasStarted.deallocate() }

    /// Ends the thread, and waits until it has ended.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        if let thread { pthread_join(thread, nil) }
    }

    private func start() -> pthread_t? {
        var thread = pthread_t()
        let retained = Unmanaged.passRetained(self)
        let outcome = pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Spinner>.fromOpaque(argument).takeRetainedValue().spin()
                return nil
            },
            retained.toOpaque()
        )
        guard outcome == 0 else {
            retained.release()
            return nil
        }
        return thread
    }

    private func spin() {
        isAccepted = CPUSet([cpu]).pinCurrentThread() && givesWay()
        let spins = isAccepted
        sem_post(hasStarted)
        while spins && !isStopped.load(ordering: .relaxed) {}
    }
}
