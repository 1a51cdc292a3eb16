// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// Deadlines that come when a test says so.
final class VirtualClock: @unchecked Sendable {
    // SAFETY: touched with the scheduler's lock held, where there is one, and on its only thread elsewhere.
    private var armed: [NodePointer] = []
    private unowned(unsafe) var core: SchedulerCore?

    func use(_ core: SchedulerCore) { self.core = core }

    func arm(_ node: NodePointer) { armed.append(node) }

    func disarm(_ node: NodePointer) {
        guard let place = armed.firstIndex(of: node) else { preconditionFailure("a deadline was taken back twice") }
        armed.remove(at: place)
    }

    var count: Int { armed.count }

    func expireAll() {
        while let node = armed.first { expire(node.object) }
    }

    /// The tasklet's deadline comes.
    func expire(_ tasklet: Tasklet) {
        guard let core else { return }
        core.withLock {
            guard let node = armed.first(where: { $0.object == tasklet }) else { return }
            disarm(node)
            core.wake(node)
        }
    }
}

/// An ordered scheduler whose deadlines come when a test says so.
final class VirtualTimeStrategy: Strategy {
    let clock = VirtualClock()

    func prepare(_ core: SchedulerCore) { clock.use(core) }

    func run(_ core: SchedulerCore) { core.runLoop() }

    func interval(_ core: SchedulerCore) -> Int { 64 }

    /// Main has ended, and has left a deadline behind, which is noted as a fault: it comes now, so that the run ends.
    func wait(_ core: SchedulerCore) { clock.expireAll() }

    func arm(_ node: NodePointer) { clock.arm(node) }

    func disarm(_ node: NodePointer) { clock.disarm(node) }
}
