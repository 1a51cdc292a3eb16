// SPDX-License-Identifier: Apache-2.0

package import CSwitch

/// The machine stacks that an ordered scheduler's loop runs on.
///
/// When a tasklet parks hard, the running stack is set aside with the tasklet on it, and the loop continues on an idle
/// one. So there may be many loops, of which one runs; they share everything. The thread's own stack, `home`, is the
/// one that `run` returns on.
package struct LoopStacks {
    package typealias Stack = UnsafeMutablePointer<sw_stack>

    /// How many bytes each has for tasklets; the thread's own has what it has.
    var size = Int(sw_stack_size)
    /// Whether all tasklets run on stacks of that size, and none on the thread's own.
    var areForAll = false
    /// The running one; nil while the shared region runs instead.
    package var active: Stack?
    /// Stacks with a loop that is ready to continue, the last one used first.
    package fileprivate(set) var idle: Stack?
    /// The stack of the thread that called `run`.
    var home: Stack?
    /// Whether `home` is set aside until all tasklets have ended, or until a host wants its thread back.
    var isHomeSetAside = false
    /// Where `run` continues on `home` although a tasklet that was given up is parked there; nil for a guest, which never
    /// parks tasklets on `home`.
    var refuge: UnsafeMutablePointer<sw_refuge>?
    /// Stacks whose loops have returned, to be freed.
    var finished: [Stack] = []

    package init() {}

    /// Whether a tasklet is parked on the thread's own stack.
    var isHomeOccupied: Bool {
        guard !isHomeSetAside, let home, home != active else { return false }
        var next = idle
        while let stack = next, stack != home { next = stack.pointee.next }
        return next == nil
    }

    mutating func freeFinished() {
        for stack in finished { sw_stack_free(stack) }
        finished.removeAll()
    }
}

/// Idle stacks, with what their supply means for switches.
extension UnsafeMutablePointer<SchedulerState> {
    /// Whether a tasklet can be set aside when it parks, as the scheduler switches: makes what is missing for that.
    func hasRoomToPark() -> Bool {
        guard pointee.specialCases.contains(.needsStack) else { return true }
        return pointee.switching == .slice ? hasRoomForSlice() : hasIdleStack()
    }

    func pushIdleStack(_ stack: LoopStacks.Stack) {
        stack.pointee.next = pointee.stacks.idle
        pointee.stacks.idle = stack
        if pointee.switching == .hard { pointee.note(.needsStack, false) }
    }

    func popIdleStack() -> LoopStacks.Stack {
        guard let stack = pointee.stacks.idle else { preconditionFailure("no stack was prepared to continue on") }
        pointee.stacks.idle = stack.pointee.next
        if pointee.stacks.idle == nil, pointee.switching == .hard { pointee.note(.needsStack, true) }
        return stack
    }

    /// Replaces all idle stacks by one.
    func resetIdleStacks(to stack: LoopStacks.Stack) {
        pointee.stacks.idle = stack
        if pointee.switching == .hard { pointee.note(.needsStack, false) }
    }

    /// Whether a stack is ready to continue on when the running one is set aside.
    ///
    /// Makes one where none exists.
    func hasIdleStack() -> Bool { pointee.stacks.idle != nil || (try? addIdleStack()) != nil }

    /// Makes an idle stack.
    ///
    /// Throws `system` when there is no memory, or no mapping left.
    func addIdleStack() throws {
        guard let stack = sw_stack_new(pointee.stacks.size, OrderedLoop.runOnThisStack, pointee.core.identity) else {
            throw SchedulerError.noRoom()
        }
        pushIdleStack(stack)
    }
}

extension UnsafeMutablePointer<Node> {
    /// Makes sure that a tasklet that waits in synchronous code can leave the processor, while an error can still be
    /// thrown.
    ///
    /// Throws with the lock released.
    @inlinable @inline(__always) package func prepareToWaitSynchronously() throws {
        let switching = pointee.owner.pointee.switching
        if switching == .hard || switching == .slice, pointee.owner.pointee.specialCases.isEmpty { return }
        try prepareSpecialWait()
    }

    @usableFromInline @inline(never) func prepareSpecialWait() throws {
        let state = pointee.owner
        if state.pointee.switching == .hard || state.pointee.switching == .slice {
            if !state.hasRoomToPark() { throw SchedulerError.noRoom() }
            return
        }
        let core = state.pointee.core
        guard core.swapsStacks else { return try state.unlockingOnError { try core.threadParking.prepareToPark(self) } }
        guard state.pointee.stacks.idle == nil || !core.knowsRuntime else { return }
        try state.unlockingOnError {
            if !core.knowsRuntime { throw SchedulerError.unknownRuntime() }
            try state.addIdleStack()
        }
    }
}

extension SchedulerError {
    fileprivate static func unknownRuntime() -> SchedulerError {
        SchedulerError(
            .unsupported,
            "this Swift runtime is not one whose thread state can be switched; synchronous code cannot wait in a tasklet"
        )
    }

    static func noRoom() -> SchedulerError {
        shortage("no memory is left to set another stack aside; raise vm.max_map_count, or run fewer tasklets")
    }
}
