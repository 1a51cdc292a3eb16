// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// Running as a guest of another event loop, the host, which owns the thread and wants it back now and then.
///
/// The host's functions are on the thread's own stack, the guest's loops and tasklets on pooled stacks. So the loop is
/// left in place, with its job open and tasklets parked hard, and continues at the host's next call: two stack swaps a
/// call. A loop that returned instead would need a new job each time, and could not return at all with a tasklet parked
/// hard on top of it.
extension OrderedLoop {
    /// Runs tasklets on the calling thread until ``yieldToHost()`` is called, or all have ended.
    ///
    /// Where the runtime's thread state cannot be swapped, or where there is no memory for a stack, runs a single turn.
    package func runAsGuest() -> TurnOutcome {
        guard core.knowsRuntime, state.pointee.stacks.home != nil || state.hasIdleStack() else { return takeTurn() }
        return ThreadScope.run(core) { runOnStacks() }
    }

    private func runOnStacks() -> TurnOutcome {
        let home = state.pointee.stacks.home ?? makeHome()
        runOnPooledStack(from: home)
        guard state.pointee.runEnd.isFinished else { return hasMoreToDo ? .ready : .waiting }
        endLoops(at: home)
        state.pointee.stacks.home = nil
        home.deallocate()
        return .finished
    }

    /// The thread may have been given back, for a poll, between the end of the last tasklet and the loop's finding out
    /// that it was the last, or while the loop gives back memory: then nothing else would bring another call about.
    private var hasMoreToDo: Bool {
        state.pointee.runQueue.current != nil || !jobs.isEmpty || !state.canStillWake
            || state.pointee.taskPool.surplus > 0
    }

    private func makeHome() -> LoopStacks.Stack {
        let home = LoopStacks.Stack.allocate(capacity: 1)
        home.initialize(to: sw_stack())
        state.pointee.stacks.home = home
        return home
    }

    /// Gives the thread back to the host, and returns at its next ``runAsGuest()``.
    ///
    /// Called by the driver, in `poll` or `wait`. Does nothing where the call ends by itself.
    package func yieldToHost() {
        guard state.pointee.stacks.isHomeSetAside, let home = state.pointee.stacks.home,
            let mine = state.pointee.stacks.active
        else { return }
        state.pushIdleStack(mine)
        state.pointee.stacks.active = home
        sw_stack_swap(mine, home, nil)
    }
}
