// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// A concurrent scheduler with several threads, one of which runs at a time: a test decides which.
///
/// The main tasklet is the controller; its thread is the one that calls `run`. It lets the other threads run in turn,
/// each until it stops: between two operations of its tasklet, where it blocks in synchronous code, or because its
/// tasklet has left the processor. So tasklets run at the same time, as on any concurrent scheduler, but in a
/// repeatable order, one operation at a time.
final class BatonDriver: ConcurrentDriver, @unchecked Sendable {
    // SAFETY: touched only by the thread that holds the baton.
    let clock = VirtualClock()
    private unowned(unsafe) var runner: ConcurrentRunner?
    private let controller = Baton()
    private let threads: [PuppetThread]
    /// The thread that has been idle longest comes first, so that tasklets move from thread to thread.
    private var idleThreads: [PuppetThread]
    private var ready: [NodePointer] = []
    /// Threads that stopped within a tasklet; threads that block in synchronous code; and which of the latter were
    /// unparked.
    private var stopped: [Tasklet: PuppetThread] = [:]
    private var parked: [NodePointer: PuppetThread] = [:]
    private var unparked: [NodePointer] = []
    /// Tasklets whose wake-ups are lost, if the test wants that: they continue when main has ended.
    private var lost: [NodePointer] = []
    private let losesWakeUps: Bool
    private(set) var fault: String?

    /// - Parameters:
    ///   - threads: how many tasklets run at the same time, besides main.
    ///   - losesWakeUps: whether it forgets to wake threads, to test that this is detected.
    init(threads: Int, losesWakeUps: Bool = false) {
        self.losesWakeUps = losesWakeUps
        self.threads = (0..<threads).map { [controller] _ in PuppetThread(controller: controller) }
        idleThreads = self.threads
    }

    deinit {
        // After a fault, some threads may never end.
        for thread in threads where thread.isIdle { thread.finish() }
    }

    private func note(_ what: String) { fault = fault ?? what }

    // MARK: Requirements of the core

    /// Makes a scheduler with this driver.
    func makeScheduler(_ switching: Switching) -> SchedulerCore {
        let core = SchedulerCore(self, switching: switching, options: SchedulerOptions())
        runner = core.concurrentRunner
        clock.use(core)
        return core
    }

    /// Runs main, and then the remaining tasklets, until all have ended.
    func run(_ runner: ConcurrentRunner) {
        while let node = ready.first ?? unparked.first {
            if node == runner.main { runHere(node) } else { proceed(node) }
            unparked += runner.main == nil ? lost : []
            lost = runner.main == nil ? [] : lost
        }
        guard runner.withLock({ runner.isFinished }) else { return note("no tasklet is ready, and not all have ended") }
        runner.endTasks()
    }

    func finished() {}

    private func runHere(_ node: NodePointer) {
        take(node)
        runner?.takeTurn(node)
        runner?.unlock()
    }

    func enqueue(_ job: UnownedJob) {}

    func yieldThread() {}

    func checkMayRun() {}

    func network(for core: SchedulerCore) -> any Network { preconditionFailure("there is no network") }

    var systemCalls: [String: UInt64] { [:] }

    func enqueue(_ node: NodePointer) {
        if ready.contains(node) || unparked.contains(node) || stopped[node.object] != nil {
            note("double resume: \(node.object.name) was ready already")
        }
        if node.pointee.resumption == .kernel { runner?.wakeAfterUnlock(node) } else { ready.append(node) }
    }

    func dequeue(_ node: NodePointer) -> Bool {
        ready.removeAll { $0 == node }
        return true
    }

    func unpark(_ node: NodePointer) {
        if losesWakeUps { lost.append(node) } else { unparked.append(node) }
    }

    var usesRuntimePool: Bool { false }

    var hasOthersReady: Bool { !ready.isEmpty }

    func prepareToPark(_ node: NodePointer) {}

    func park(_ node: NodePointer) {
        guard let thread = threads.first(where: \.isCurrent) else { return note("main blocked its thread") }
        parked[node] = thread
        runner?.resolveStallIfIdle()
        runner?.unlock()
        thread.stop()
    }

    func arm(_ node: NodePointer) { clock.arm(node) }

    func disarm(_ node: NodePointer) { clock.disarm(node) }

    // MARK: By tasklets

    /// Stops the calling tasklet's thread until the controller lets it continue; the tasklet keeps the processor.
    func stop(_ tasklet: Tasklet) {
        guard let thread = threads.first(where: \.isCurrent) else { return note("main stopped its thread") }
        stopped[tasklet] = thread
        thread.stop()
    }

    // MARK: By the controller

    /// Lets a tasklet continue until its thread stops again.
    func proceed(_ tasklet: Tasklet) {
        if let thread = stopped.removeValue(forKey: tasklet) { return proceed(thread) }
        guard let node = (ready + unparked).first(where: { $0.object == tasklet }) else {
            return note("lost wake-up: \(tasklet.name) cannot continue")
        }
        proceed(node)
    }

    private func proceed(_ node: NodePointer) {
        if let place = unparked.firstIndex(of: node), let thread = parked.removeValue(forKey: node) {
            unparked.remove(at: place)
            return proceed(thread)
        }
        guard let runner, !idleThreads.isEmpty else { return note("\(node.object.name) has no thread to continue on") }
        let thread = idleThreads.removeFirst()
        take(node)
        nonisolated(unsafe) let node = node
        thread.perform {
            runner.takeTurn(node)
            runner.unlock()
        }
        noteIdle(thread)
    }

    private func proceed(_ thread: PuppetThread) {
        thread.proceed()
        noteIdle(thread)
    }

    private func noteIdle(_ thread: PuppetThread) {
        if thread.isIdle { idleThreads.append(thread) }
    }

    /// A ready tasklet is about to be put on the processor.
    private func take(_ node: NodePointer) {
        runner?.withLock {
            ready.removeAll { $0 == node }
            node.pointee.state = .running
        }
    }
}
