// SPDX-License-Identifier: Apache-2.0

/// Where a replay has led.
struct Visit<Action: Sendable, Key: Hashable & Sendable>: Sendable {
    /// What tells the state that it came to from others; states with the same key are taken to be the same.
    var key: Key
    /// What can be done now.
    var actions: [Action]
    /// What was wrong on the way.
    var fault: String?
}

/// Explores what cannot be put back into an earlier state: running code.
///
/// Every state is reached anew, from the start, by the actions that have led there first; then one action more is tried.
/// So each action is tried in each state, and the nearest come first, as with ``TransitionSystem/explore()``.
///
///     while let path = explorer.nextPath() { explorer.note(replay(path)) }
struct ReplayExplorer<Action: Sendable, Key: Hashable & Sendable> {
    private(set) var findings = Findings()
    private var known: Set<Key> = []
    private var pending: [[Action]] = [[]]
    private var tried = 0

    /// What is to be replayed next; nil when all has been, or there was a fault.
    ///
    /// The same actions have to lead to the same state.
    var nextPath: [Action]? { tried < pending.count && findings.fault == nil ? pending[tried] : nil }

    /// Notes where the path has led.
    mutating func note(_ visit: Visit<Action, Key>) {
        let path = pending[tried]
        pending[tried] = []
        tried += 1
        findings.steps = tried - 1
        if let what = visit.fault { findings.fault = Findings.Fault(what: what, trace: path.map { "\($0)" }) }
        guard known.insert(visit.key).inserted else { return }
        findings.states += 1
        if visit.actions.isEmpty { findings.ends += 1 }
        pending += visit.actions.map { path + [$0] }
    }
}
