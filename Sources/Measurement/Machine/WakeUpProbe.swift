// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Two threads that wake each other alternately through semaphores, which on Linux are a counter and a futex.
enum WakeUpProbe {
    /// The cost of waking a parked thread and being woken by it, in nanoseconds; nil if no thread can be created.
    ///
    /// - Parameter partnerCPU: the processor of the other thread; the caller stays where it is pinned.
    static func roundTrip(partnerCPU: Int) -> Double? {
        let operations = 500
        let batches = 7
        let pair = SemaphorePair(cpu: partnerCPU, rounds: operations * (batches + 1))
        guard let partner = pair.startPartner() else { return nil }
        defer { pthread_join(partner, nil) }
        return Batches.medianCost(batches: batches, operations: operations) { count in
            for _ in 0..<count { pair.pingAndWait() }
        }
    }
}

// SAFETY: both semaphores are in memory that this object owns and frees when its last reference goes away; the partner
// thread holds a reference while it runs. Semaphores may be used from several threads.
private final class SemaphorePair: @unchecked Sendable {
    private let semaphores = UnsafeMutablePointer<sem_t>.allocate(capacity: 2)
    private let cpu: Int
    private let rounds: Int

    init(cpu: Int, rounds: Int) {
        self.cpu = cpu
        self.rounds = rounds
        sem_init(semaphores, 0, 0)
        sem_init(semaphores + 1, 0, 0)
    }

    deinit { semaphores.deallocate() }

    func startPartner() -> pthread_t? { MachineThread.start { self.answer() } }

    func pingAndWait() {
        sem_post(semaphores)
        while sem_wait(semaphores + 1) != 0 {}
    }

    private func answer() {
        _ = CPUSet([cpu]).pinCurrentThread()
        for _ in 0..<rounds {
            while sem_wait(semaphores) != 0 {}
            sem_post(semaphores + 1)
        }
    }
}
