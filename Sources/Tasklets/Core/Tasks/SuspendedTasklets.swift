// SPDX-License-Identifier: Apache-2.0

internal import CSwitch
internal import Glibc

/// The tasklets of an ordered scheduler that the runtime has suspended, by their task.
///
/// The loop adds and removes them. Other threads look for them: a suspended tasklet may run there, in an actor's job.
///
/// The race, from both sides. A tasklet that leaves for an actor is enqueued there before control is back in its loop,
/// which adds it then. So the actor's job may run the tasklet, on another thread, and look for it here, too early. The
/// task of a child task never comes, which its flags tell; every other task that prefers the scheduler is a tasklet's,
/// and comes soon: between the two the loop's thread runs nothing but the runtime's way back.
final class SuspendedTasklets: Sendable {
    private let nodes = Guarded<[TaskWord: NodePointer]>([:])

    func add(_ node: NodePointer) { nodes.withLock { $0[node.pointee.task] = node } }

    func remove(_ task: TaskWord) -> NodePointer? { nodes.withLock { $0.removeValue(forKey: task) } }

    /// The tasklet whose task that is, which runs on the calling thread; nil for a child task.
    func find(_ task: TaskWord) -> NodePointer? {
        while true {
            if let node = nodes.withLock({ $0[task] }) { return node }
            if sw_is_child_task(task) { return nil }
            sched_yield()
        }
    }
}
