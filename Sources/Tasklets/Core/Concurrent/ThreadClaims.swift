// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// A value that differs between any two live threads; 0 stands for no thread.
@usableFromInline package typealias ThreadIdentity = UInt

/// Which tasklet runs on which thread, on a concurrent scheduler.
///
/// With the lock held. A thread claims the tasklet that it puts on the processor. The claim ends when the tasklet
/// parks, or when control is back and the runtime must have suspended it. But the runtime may already have resumed it
/// elsewhere by then, inside an actor's job on another thread, where the tasklet is claimed when it waits in
/// synchronous code. So a thread that finds its claim gone leaves the tasklet alone, and one that finds it still there
/// may mark the tasklet as suspended: the second to come notices what the first has done.
struct ThreadClaims {
    /// The tasklets that have started, by their task.
    private var started: [TaskWord: NodePointer] = [:]
    /// The tasklets that run, by their thread.
    private var running: [ThreadIdentity: NodePointer] = [:]

    /// A tasklet's body runs on that task from now on.
    mutating func noteStart(of node: NodePointer) { started[node.pointee.task] = node }

    mutating func noteEnd(of node: NodePointer) { started[node.pointee.task] = nil }

    func tasklet(of task: TaskWord) -> NodePointer? { started[task] }

    /// Whether the calling thread claims the tasklet.
    func isHeld(_ node: NodePointer) -> Bool { node.pointee.claimant == sw_thread_identity() }

    /// The calling thread, which claims nothing, claims the tasklet.
    mutating func take(_ node: NodePointer) {
        if node.pointee.claimant != 0 { running[node.pointee.claimant] = nil }
        let thread = sw_thread_identity()
        node.pointee.claimant = thread
        running[thread] = node
    }

    /// Ends the calling thread's claim; returns the tasklet that it was on.
    @discardableResult
    mutating func release() -> NodePointer? {
        guard let node = running.removeValue(forKey: sw_thread_identity()) else { return nil }
        node.pointee.claimant = 0
        return node
    }
}
