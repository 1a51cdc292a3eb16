// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// Deadlines that pass when a test says so.
final class VirtualClock: @unchecked Sendable {
    // SAFETY: touched with the scheduler's lock held.
    private var armed: [NodePointer] = []
    private unowned(unsafe) var core: SchedulerCore?

    func use(_ core: SchedulerCore) { self.core = core }

    func arm(_ node: NodePointer) { armed.append(node) }

    func disarm(_ node: NodePointer) {
        guard let place = armed.firstIndex(of: node) else { preconditionFailure("a deadline was disarmed twice") }
        armed.remove(at: place)
    }

    var count: Int { armed.count }

    func expireAll() {
        while let node = armed.first { expire(node.object) }
    }

    /// The tasklet's deadline passes.
    func expire(_ tasklet: Tasklet) {
        guard let core else { return }
        core.withLock {
            guard let node = armed.first(where: { $0.object == tasklet }) else { return }
            disarm(node)
            node.deadlineExpired()
        }
    }
}

/// An ordered scheduler whose deadlines pass when a test says so.
final class VirtualTimeDriver: LoopDriver {
    let clock = VirtualClock()

    /// Makes a scheduler with this driver.
    func makeScheduler(_ switching: Switching) -> SchedulerCore {
        let core = SchedulerCore(self, waiting: .swappingStacks, switching: switching, options: SchedulerOptions())
        clock.use(core)
        return core
    }

    func run(_ loop: OrderedLoop) { loop.runOnThisThread() }

    func interval(_ loop: OrderedLoop) -> Int { 64 }

    func poll(_ loop: OrderedLoop) {}

    func wakeUp() {}

    func checkMayRun() {}

    func network(for core: SchedulerCore) -> any Network { preconditionFailure("there is no network") }

    var systemCalls: [String: UInt64] { [:] }

    /// Main has ended and left a deadline behind, which is noted as a fault: it passes now, so that the run ends.
    func wait(_ loop: OrderedLoop) { clock.expireAll() }

    func arm(_ node: NodePointer) { clock.arm(node) }

    func disarm(_ node: NodePointer) { clock.disarm(node) }
}
