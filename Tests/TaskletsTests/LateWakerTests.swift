// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Tasklets
import Testing

@Suite struct `A thread that is late to see to a wake-up` {
    /// Brings a job to a scheduler that has run it, and come to its end, before the thread that brought it is done.
    private final class LateDriver: LoopDriver {
        private let hasWork = DispatchSemaphore(value: 0)
        /// The scheduler has come to its end, and nobody but the late thread can hold it.
        let isOver = Gate()
        /// The late thread is done.
        let isDone = Gate()
        private let check: @Sendable () -> Void

        init(check: @escaping @Sendable () -> Void) { self.check = check }

        func run(_ loop: OrderedLoop) { loop.runOnThisThread() }

        func interval(_ loop: OrderedLoop) -> Int { 0 }

        func poll(_ loop: OrderedLoop) {}

        func wait(_ loop: OrderedLoop) { hasWork.wait() }

        func network(for core: SchedulerCore) -> any Network { preconditionFailure("there is no network") }

        var systemCalls: [String: UInt64] { [:] }

        func arm(_ node: NodePointer) {}

        func disarm(_ node: NodePointer) {}

        func wakeUp() {
            hasWork.signal()
            isOver.wait()
            check()
        }
    }

    private final class Observed: @unchecked Sendable {
        // SAFETY: written before the thread that reads it is started, and a weak reference is read in one piece.
        weak var scheduler: SchedulerCore?
    }

    @Test(arguments: [Switching.soft, .hard, .continuation])
    func `It finds the scheduler still there, which goes when it has gone`(switching: Switching) async throws {
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
                        continuation.resume()
                        driver.isDone.open()
                    }
                }
            }
        }
        driver.isOver.open()
        driver.isDone.wait()
        #expect(wasThere.withLock { $0 })
        #expect(observed.scheduler == nil)
    }

    @Test(arguments: Configuration.ordered)
    func `What it leaves to be done in order is done, though the run is over`(
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
