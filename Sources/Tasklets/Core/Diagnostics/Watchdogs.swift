// SPDX-License-Identifier: Apache-2.0

/// The tasklets in ``Tasklet/runAll(budget:)``, the innermost last: out of the run queue, and woken when that is empty.
///
/// Stackless calls them watchdogs.
///
/// Semantics: Stackless/module/stacklessmodule.c, PyStackless_RunWatchdogEx; Stackless/core/scheduling.c,
/// slp_get_watchdog.
struct Watchdogs {
    private struct Watchdog {
        let node: NodePointer
        /// How many checkpoints a tasklet may make each time it has the processor; nil for no limit.
        let budget: Int?
        /// The tasklet that made more.
        var overrunner: Tasklet?
    }

    private var all: [Watchdog] = []
    /// Of several nested budgets, the outermost counts.
    private(set) var budget: Int?

    var isEmpty: Bool { all.isEmpty }

    var innermost: NodePointer? { all.last?.node }

    mutating func add(_ node: NodePointer, budget: Int?) {
        all.append(Watchdog(node: node, budget: budget))
        updateBudget()
    }

    /// Removes a watchdog that continues, for whatever reason, and all that were added after it.
    ///
    /// Returns the tasklet that overran its budget, and the watchdogs that continue too.
    mutating func remove(_ node: NodePointer) -> (overrunner: Tasklet?, inner: [NodePointer]) {
        guard let index = all.firstIndex(where: { $0.node == node }) else { return (nil, []) }
        let overrunner = all[index].overrunner
        let inner = all[(index + 1)...].map(\.node)
        all.removeSubrange(index...)
        updateBudget()
        return (overrunner, inner)
    }

    mutating func removeAll() {
        all.removeAll()
        updateBudget()
    }

    /// Records that a tasklet has overrun the budget, and returns the watchdog to wake.
    ///
    /// On a concurrent scheduler several tasklets may overrun it; only the first is recorded.
    mutating func recordOverrun(by tasklet: Tasklet) -> NodePointer? {
        guard let index = all.firstIndex(where: { $0.budget != nil }), all[index].overrunner == nil,
            all[index].node.pointee.state == .paused
        else { return nil }
        all[index].overrunner = tasklet
        return all[index].node
    }

    private mutating func updateBudget() { budget = all.lazy.compactMap(\.budget).first }
}

extension UnsafeMutablePointer<SchedulerState> {
    func addWatchdog(_ node: NodePointer, budget: Int?) {
        pointee.watchdogs.add(node, budget: budget)
        pointee.note(.budget, pointee.watchdogs.budget != nil)
    }

    /// Returns the tasklet that overran the watchdog's budget.
    func removeWatchdog(_ node: NodePointer) -> Tasklet? {
        let (overrunner, inner) = pointee.watchdogs.remove(node)
        pointee.note(.budget, pointee.watchdogs.budget != nil)
        for node in inner where node.pointee.state == .paused { makeReady(node) }
        return overrunner
    }

    /// Counts a checkpoint of the running tasklet; where that was one too many, returns the watchdog to wake.
    ///
    /// A tasklet that needs memory to park, another stack or a slice, runs on if that cannot be made.
    func watchdogOverrun(by node: NodePointer) -> NodePointer? {
        guard let budget = pointee.watchdogs.budget else { return nil }
        node.pointee.checkpoints &+= 1
        guard node.pointee.checkpoints > budget, !node.pointee.isAtomic, pointee.callbacks.settings.switchTrap == 0,
            hasRoomToPark()
        else { return nil }
        return pointee.watchdogs.recordOverrun(by: node.object)
    }
}
