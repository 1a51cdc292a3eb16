// SPDX-License-Identifier: Apache-2.0

internal import CSwitch
internal import Glibc

/// The tasklets of an ordered scheduler that the runtime has suspended, by their task.
///
/// The loop adds and removes them. Other threads look for them: a suspended tasklet may run there, in an actor's job.
///
/// The race, from both sides. A tasklet that leaves for an actor is enqueued there before control is back in its loop,
/// which adds it then. So the actor's job may run the tasklet, on another thread, and look for it here, too early. The
/// task of a child task never comes, which its flags tell. Every other task that prefers the scheduler is a tasklet's,
/// and comes soon: between the two the loop's thread runs nothing but the runtime's way back. (Unless a program makes
/// one itself with the scheduler as its executor; then the search ends after a while.)
final class SuspendedTasklets: Sendable {
    private let nodes = Guarded<[TaskWord: NodePointer]>([:])

    func add(_ node: NodePointer) { nodes.withLock { $0[node.pointee.task] = node } }

    func remove(_ task: TaskWord) -> NodePointer? { nodes.withLock { $0.removeValue(forKey: task) } }

    /// The tasklet whose task that is, which runs on the calling thread; nil for a task that is no tasklet's.
    ///
    /// - Parameter isOnLoopThread: whether that is the loop's thread, to which control has come back.
    func find(_ task: TaskWord, isOnLoopThread: Bool) -> NodePointer? {
        if let node = nodes.withLock({ $0[task] }) { return node }
        if isOnLoopThread || sw_is_child_task(task) { return nil }
        let end = Deadline.after(.seconds(60))
        var pause: useconds_t = 0
        while Deadline.now < end {
            // The loop's thread may have no processor at the moment.
            usleep(pause)
            pause = min(pause + 10, 1000)
            if let node = nodes.withLock({ $0[task] }) { return node }
        }
        return nil
    }
}
