// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// Where the core tells the recorder what happens.
///
/// Each of these is called on a scheduler with ``SpecialCases/traced`` only, beside the change of state that it
/// reports, by the thread that makes it.
extension UnsafeMutablePointer<SchedulerState> {
    @inline(__always) var isTraced: Bool { pointee.specialCases.contains(.traced) }

    /// The tasklet is about to be runnable.
    @inline(never) func traceReady(_ node: NodePointer) {
        TraceRecorder.active?.add(.ready, node, waker: SchedulerCore.currentNode())
    }

    /// It gets the processor, on the calling thread.
    @inline(never) func traceRun(_ node: NodePointer) { TraceRecorder.active?.add(.run, node) }

    /// It leaves the processor; its state says why.
    @inline(never) func traceLeave(_ node: NodePointer) {
        TraceRecorder.active?.add(.leave, node, wait: node.traceWait)
    }

    /// Its body has ended.
    @inline(never) func traceEnd(_ node: NodePointer) { TraceRecorder.active?.add(.end, node) }
}

extension UnsafeMutablePointer<Node> {
    /// What the tasklet waits for, by its state.
    fileprivate var traceWait: TraceWait {
        switch pointee.state {
        case .ready, .running, .proxy, .outstanding, .ended: TraceWait(.runQueue)
        case .deferring: TraceWait(.runQueue, "another tasklet's turn")
        case .blocked: TraceWait(.channel, channelWait)
        case .selecting: TraceWait(.channel, "select")
        case .awaiting: TraceWait(.oneShot, cell?.purpose == nil ? "" : cell?.label ?? "")
        case .performing: TraceWait(.socket, "\(pointee.operation)")
        case .sleeping: TraceWait(.timer)
        case .joining: TraceWait(.join)
        case .suspended: TraceWait(.runtime)
        case .paused: TraceWait(.paused)
        }
    }

    private var channelWait: String {
        let direction = waitDirection == .send ? "send" : "receive"
        guard let name = channel?.pointee.name else { return direction }
        return "\(direction) on '\(name)'"
    }
}
