// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// Running the loop as a guest of somebody else's: of an event loop that owns the thread, and wants it back now and then.
///
/// The host's functions are on the thread's own stack, the guest's loops and tasklets on stacks from the pool. So the
/// loop is left as it stands, with its job open and tasklets blocked hard, and is gone on with at the next visit: two
/// stack swaps a visit. A loop that returned instead would need a new job each time, and could not return at all with a
/// tasklet blocked on top of it.
extension SchedulerCore {
    /// Runs tasklets on the calling thread until ``returnToHost()`` is called, or all have ended.
    ///
    /// Where the runtime's thread state cannot be swapped, or where there is no memory for a stack, runs a single turn.
    package func visit() -> Outlook {
        guard knowsRuntime, homeStack != nil || hasIdleStack() else { return takeTurn() }
        return withoutAccesses { visitWithStacks() }
    }

    private func visitWithStacks() -> Outlook {
        let outer = enterThread()
        defer { leaveThread(outer) }
        let home = homeStack ?? makeHome()
        runElsewhere(from: home)
        guard isFinished else { return hasMoreToDo ? .ready : .waiting }
        endLoops(at: home)
        homeStack = nil
        home.deallocate()
        return .finished
    }

    /// The thread may have been given back, for a look at the outside world, between the end of the last tasklet and the
    /// loop's finding out that it was the last: then nothing would bring another visit about.
    private var hasMoreToDo: Bool { state.pointee.current != nil || !jobs.isEmpty || !canStillWake }

    private func makeHome() -> UnsafeMutablePointer<sw_stack> {
        let home = UnsafeMutablePointer<sw_stack>.allocate(capacity: 1)
        home.initialize(to: sw_stack())
        homeStack = home
        return home
    }

    /// Gives the thread back to the host, and returns at its next ``visit()``.
    ///
    /// To be called by the strategy, in `poll` or `wait`. Does nothing in a visit that ends by itself.
    package func returnToHost() {
        guard isHomeWaiting, let home = homeStack, let mine = state.pointee.activeStack else { return }
        mine.pointee.next = state.pointee.idleStacks
        state.pointee.idleStacks = mine
        state.pointee.activeStack = home
        sw_stack_swap(mine, home, nil)
    }
}
