// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Tasklets
import TestSupport
import Testing

@Suite struct `A thread that wakes a scheduler late` {
    /// Injects a job into a scheduler that runs it and finishes before the injecting thread is done.
    private final class LateDriver: LoopDriver {
        private let hasWork = DispatchSemaphore(value: 0)
        /// The tasklet is suspended: resuming it before would need no wake-up.
        let isWaiting = Gate()
        /// The scheduler has finished, and only the late thread can hold it.
        let hasEnded = Gate()
        /// The late thread is done.
        let isDone = Gate()
        private let check: @Sendable () -> Void

        init(check: @escaping @Sendable () -> Void) { self.check = check }

        func run(_ loop: OrderedLoop) { loop.runOnThisThread() }

        func interval(_ loop: OrderedLoop) -> Int { 0 }

        func poll(_ loop: OrderedLoop) {}

        func wait(_ loop: OrderedLoop) {
            isWaiting.open()
            hasWork.wait()
        }

        func checkMayRun() {}

        func network(for core: SchedulerCore) -> any Network { preconditionFailure("there is no network") }

        var systemCalls: [String: UInt64] { [:] }

        func arm(_ node: NodePointer) {}

        func disarm(_ node: NodePointer) {}

        func wakeUp() {
            hasWork.signal()
            hasEnded.wait()
            check()
        }
    }

    private final class Observed: @unchecked Sendable {
        // SAFETY: written before the thread that reads it is started, and a weak reference is read in one piece.
        weak var scheduler: SchedulerCore?
    }

    @Test(arguments: [Switching.soft, .hard, .slice, .continuation])
    func `The scheduler lives until the thread is done, and no longer`(switching: Switching) async throws {
        let observed = Observed()
        let wasThere = Guarded(false)
        let driver = LateDriver { wasThere.withLock { $0 = observed.scheduler != nil } }
        try await onItsOwnThread {
            let scheduler = SchedulerCore(
                driver,
                waiting: .swappingStacks,
                switching: switching,
                options: SchedulerOptions()
            )
            observed.scheduler = scheduler
            try scheduler.run {
                await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
                    ForeignThread().start {
                        driver.isWaiting.wait()
                        continuation.resume()
                        driver.isDone.open()
                    }
                }
            }
        }
        driver.hasEnded.open()
        driver.isDone.wait()
        #expect(wasThere.withLock { $0 })
        #expect(observed.scheduler == nil)
    }

    @Test(arguments: Configuration.ordered)
    func `A call that it injects is made, though the run has ended`(
        configuration: Configuration
    ) async throws {
        let isDone = Guarded(false)
        let scheduler = try configuration.makeScheduler()
        try await onItsOwnThread {
            try scheduler.run {}
            let core = try #require(scheduler as? SchedulerCore)
            core.runner.performLater { isDone.withLock { $0 = true } }
        }
        #expect(isDone.withLock { $0 })
    }
}
