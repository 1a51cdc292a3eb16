// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Two threads that wake each other in turn through semaphores, which on Linux are a counter and a futex.
enum HandOver {
    /// The cost of waking a sleeping thread and being woken by it, in nanoseconds.
    ///
    /// Nil where no thread can be had.
    ///
    /// - Parameter partnerCPU: where the other thread runs; the caller stays where it is pinned.
    static func roundTrip(partnerCPU: Int) -> Double? {
        let operations = 500
        let batches = 7
        let table = Table(cpu: partnerCPU, rounds: operations * (batches + 1))
        guard let partner = table.seatPartner() else { return nil }
        defer { pthread_join(partner, nil) }
        return Batches.medianCost(batches: batches, operations: operations) { count in
            for _ in 0..<count { table.pingAndWait() }
        }
    }
}

// SAFETY: both semaphores live in memory that this object owns and frees only when nobody refers to it any more; the
// partner thread holds a reference for as long as it runs. Semaphores are made for use by several threads.
private final class Table: @unchecked Sendable {
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

    func seatPartner() -> pthread_t? {
        var thread = pthread_t()
        let retained = Unmanaged.passRetained(self)
        let outcome = pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Table>.fromOpaque(argument).takeRetainedValue().answer()
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
