// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// An unordered scheduler of several threads, of which one runs at a time: which one, a test decides.
///
/// The main tasklet is the controller; its thread is the one that calls `run`. It lets the others run one after the
/// other, each until it stops: in the middle of a tasklet, between two operations of that; where it has blocked in
/// synchronous code; or because its tasklet has left the processor. So tasklets run at the same time, as on any scheduler
/// with several threads; but in an order that can be repeated, one operation at a time.
final class BatonDriver: ConcurrentDriver, @unchecked Sendable {
    // SAFETY: touched by whoever has the baton.
    let clock = VirtualClock()
    private unowned(unsafe) var runner: ConcurrentRunner?
    private let controller = Baton()
    private let threads: [PuppetThread]
    /// The one that has been idle for the longest comes first, so that tasklets move from thread to thread.
    private var idleThreads: [PuppetThread]
    private var ready: [NodePointer] = []
    /// Threads that have stopped in the middle of a tasklet; and those that block in synchronous code, and of them those
    /// that are to go on.
    private var stopped: [Tasklet: PuppetThread] = [:]
    private var parked: [NodePointer: PuppetThread] = [:]
    private var unparked: [NodePointer] = []
    /// Those whose wake-ups are lost, where that is wanted: they go on when main has ended.
    private var lost: [NodePointer] = []
    private let losesWakeUps: Bool
    private(set) var fault: String?

    /// - Parameters:
    ///   - threads: as many as tasklets run at the same time, besides main.
    ///   - losesWakeUps: whether it forgets to wake threads, to see whether that is found out.
    init(threads: Int, losesWakeUps: Bool = false) {
        self.losesWakeUps = losesWakeUps
        self.threads = (0..<threads).map { [controller] _ in PuppetThread(controller: controller) }
        idleThreads = self.threads
    }

    deinit {
        // Where there was a fault, some may never come to their end.
        for thread in threads where thread.isIdle { thread.finish() }
    }

    private func note(_ what: String) { fault = fault ?? what }

    // MARK: What the core asks for

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
        guard runner.withLock({ runner.isFinished }) else { return note("nobody is ready, and not all have ended") }
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

    var hasOthersReady: Bool { !ready.isEmpty }

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

    /// Stops the calling tasklet's thread, without its leaving the processor, until the controller lets it go on.
    func stop(_ tasklet: Tasklet) {
        guard let thread = threads.first(where: \.isCurrent) else { return note("main stopped its thread") }
        stopped[tasklet] = thread
        thread.stop()
    }

    // MARK: By the controller

    /// Lets a tasklet go on, until its thread stops again.
    func proceed(_ tasklet: Tasklet) {
        if let thread = stopped.removeValue(forKey: tasklet) { return proceed(thread) }
        guard let node = (ready + unparked).first(where: { $0.object == tasklet }) else {
            return note("lost wake-up: \(tasklet.name) cannot go on")
        }
        proceed(node)
    }

    private func proceed(_ node: NodePointer) {
        if let place = unparked.firstIndex(of: node), let thread = parked.removeValue(forKey: node) {
            unparked.remove(at: place)
            return proceed(thread)
        }
        guard let runner, !idleThreads.isEmpty else { return note("\(node.object.name) has no thread to go on") }
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
