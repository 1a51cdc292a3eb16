// SPDX-License-Identifier: Apache-2.0

/// A tasklet that is in ``Tasklet/runAll(budget:)``: out of the ring, and woken when that is empty.
///
/// Stackless calls it a watchdog.
struct Watchdog {
    let node: NodePointer
    /// How many checkpoints a tasklet may make each time it has the processor; nil where there is no limit.
    ///
    /// Of several nested ones with a budget, the outermost counts.
    let budget: Int?
    /// Who made more.
    var overrunner: Tasklet?
}

/// Running all others. With the lock held, where there is one.
///
/// Semantics: Stackless/module/stacklessmodule.c, PyStackless_RunWatchdogEx; Stackless/core/scheduling.c,
/// slp_get_watchdog.
extension SchedulerCore {
    func addWatchdog(_ node: NodePointer, budget: Int?) {
        watchdogs.append(Watchdog(node: node, budget: budget))
        updateBudget()
    }

    /// A watchdog goes on, for whatever reason: so do all that were added after it.
    ///
    /// Returns who overran its budget.
    func removeWatchdog(_ node: NodePointer) -> Tasklet? {
        guard let index = watchdogs.firstIndex(where: { $0.node == node }) else { return nil }
        let overrunner = watchdogs[index].overrunner
        let inner = watchdogs[(index + 1)...].map(\.node)
        watchdogs.removeSubrange(index...)
        updateBudget()
        for node in inner where node.pointee.state == .paused { insert(node) }
        return overrunner
    }

    func updateBudget() {
        budget = watchdogs.lazy.compactMap(\.budget).first
        state.pointee.note(.budget, budget != nil)
    }

    /// Makes a paused tasklet runnable.
    func insert(_ node: NodePointer) {
        node.pointee.state = .ready
        makeReady(node)
    }

    /// Whether the running tasklet has used up the budget; then the watchdog whose budget that is knows it, and goes
    /// on.
    ///
    /// On an unordered scheduler several may overrun it; only the first is told. One that would need another stack, of
    /// which there is none to be had, goes on.
    func overruns(_ node: NodePointer) -> Bool {
        guard let budget else { return false }
        node.pointee.checkpoints &+= 1
        guard node.pointee.checkpoints > budget, !node.pointee.isAtomic, switchTrapCount == 0,
            let index = watchdogs.firstIndex(where: { $0.budget != nil }),
            watchdogs[index].overrunner == nil, watchdogs[index].node.pointee.state == .paused,
            !state.pointee.needsStack || hasIdleStack()
        else { return false }
        watchdogs[index].overrunner = node.object
        return true
    }

    /// The watchdog that ``overruns(_:)`` has told.
    var toldWatchdog: NodePointer? { watchdogs.first { $0.overrunner != nil }?.node }
}
