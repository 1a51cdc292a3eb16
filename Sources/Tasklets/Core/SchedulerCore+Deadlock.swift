// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Deadlocks: when nothing is runnable and nothing can make anything so.
///
/// As in Stackless, the last runnable tasklet that tries to block while main waits is refused; when it ends instead,
/// main is interrupted. When main has ended, whoever is left is reported to the caller of `run`, and killed, so that
/// `defer`s run.
extension SchedulerCore {
    /// Something outside the ring may make a tasklet runnable.
    package var canStillWake: Bool {
        state.pointee.sleepingCount > 0 || state.pointee.externalCount > 0 || !jobs.isEmpty
            || hasInjected.load(ordering: .relaxed)
    }

    /// Checks that the running tasklet may leave the processor.
    ///
    /// Throws what is to be thrown into it, or `system` when there is no stack to go on with.
    func willSuspend(_ node: NodePointer) throws {
        if node.pointee.awaitsInterruption { throw node.takeInterruption() }
        if state.pointee.needsStack, !hasIdleStack() { throw SchedulerError.noStack() }
    }

    /// Checks that the running tasklet may wait.
    ///
    /// Throws `deadlock` when nobody could wake it any more, or what is to be thrown into it.
    func willBlock(_ node: NodePointer, waitingFor wait: (ChannelPointer, Direction)) throws {
        try willBlock(node) { self.describe(node, waitingFor: wait) }
    }

    func willBlock(_ node: NodePointer, joining other: NodePointer) throws {
        try willBlock(node) { self.describe(node, joining: other) }
    }

    @inline(__always)
    private func willBlock(_ node: NodePointer, describe: () -> BlockedTasklet) throws {
        try willSuspend(node)
        guard state.pointee.ringCount == 1, state.pointee.main != nil, !canStillWake else { return }
        throw deadlock(
            "Deadlock: the last runnable tasklet cannot be blocked",
            blocked: blockedNow + [describe()]
        )
    }

    /// Nothing is ready and nothing can wake: interrupts whom it has to, or finishes.
    package func resolveStall() {
        if let main = state.pointee.main {
            interrupt(main, with: main.pointee.interruption ?? deadlock(mainWaits(main), blocked: blockedNow))
        } else if state.pointee.aliveCount > 0, killings < Self.mostKillings || !isHomeFree {
            killThoseLeft()
        } else {
            isFinished = true
            strategy.finished()
        }
    }

    /// On an unordered scheduler there is no loop that would notice: whoever was the last to leave the processor does.
    ///
    /// To be called with the lock held, when whoever left can be woken.
    package func resolveStallIfUnordered() {
        guard !state.pointee.isOrdered, !isFinished, state.pointee.ringCount == 0, !canStillWake else { return }
        resolveStall()
    }

    private func mainWaits(_ main: NodePointer) -> String {
        switch main.pointee.direction {
        case _ where main.pointee.state != .blocked:
            return "Deadlock: main is waiting for a tasklet that nobody can wake"
        case Direction.send.rawValue:
            return "Deadlock: main is sending without a receiver"
        default:
            return "Deadlock: main is receiving without a sender"
        }
    }

    /// A tasklet may catch its death and wait again, and is killed again; one that never ends is given up.
    private static var mostKillings: Int { 100 }

    /// Throws `TaskletExit` into everyone that is left, and remembers who they were.
    private func killThoseLeft() {
        if finalDeadlock == nil {
            finalDeadlock = deadlock(
                "Deadlock: main has ended, and nothing can wake the tasklets left",
                blocked: blockedNow
            )
        }
        killings += 1
        for node in aliveNodes { interrupt(node, with: TaskletExit()) }
    }

    private func deadlock(_ message: String, blocked: [BlockedTasklet]) -> SchedulerError {
        SchedulerError(.deadlock, message, blocked: blocked)
    }

    /// All tasklets that are alive, the oldest first.
    var aliveNodes: [NodePointer] {
        var nodes: [NodePointer] = []
        nodes.reserveCapacity(state.pointee.aliveCount)
        var next = state.pointee.alive
        while let node = next {
            nodes.append(node)
            next = node.pointee.nextAlive
        }
        return nodes.reversed()
    }

    /// Every tasklet that waits for another.
    private var blockedNow: [BlockedTasklet] {
        aliveNodes.filter { $0.pointee.state == .blocked || $0.pointee.state == .joining }
            .map(describe)
    }

    public var blockedTasklets: [BlockedTasklet] { withLock { blockedNow } }

    private func describe(_ node: NodePointer) -> BlockedTasklet {
        // What it waited for before is not forgotten, so the state decides.
        guard node.pointee.state == .blocked, let channel = node.pointee.channel,
            let direction = Direction(rawValue: node.pointee.direction)
        else {
            return describe(node, joining: node.pointee.joined)
        }
        return describe(node, waitingFor: (channel, direction))
    }

    private func describe(_ node: NodePointer, waitingFor wait: (ChannelPointer, Direction)) -> BlockedTasklet {
        let (channel, direction) = wait
        let partner = direction == .send ? "a receiver" : "a sender"
        return BlockedTasklet(node.object, "\(partner) on \(channel.label)", channel: channel.pointee.name)
    }

    private func describe(_ node: NodePointer, joining other: NodePointer?) -> BlockedTasklet {
        let who = other.map { "\($0.object)" } ?? "another tasklet"
        return BlockedTasklet(node.object, "the end of \(who)", channel: nil)
    }
}

extension BlockedTasklet {
    fileprivate init(_ tasklet: Tasklet, _ waitsFor: String, channel: String?) {
        self.init(tasklet: tasklet, waitsFor: waitsFor, channel: channel, spawnSite: tasklet.spawnSite)
    }
}

extension SchedulerError {
    static func unknownRuntime() -> SchedulerError {
        SchedulerError(
            .unsupported,
            "this Swift runtime is not one whose thread state can be switched; synchronous code cannot wait in a tasklet"
        )
    }

    static func noStack() -> SchedulerError {
        SchedulerError(
            .system,
            "no stack is to be had for another tasklet that blocks hard; raise vm.max_map_count or run fewer of them"
        )
    }
}
