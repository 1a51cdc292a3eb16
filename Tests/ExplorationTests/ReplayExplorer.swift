// SPDX-License-Identifier: Apache-2.0

/// The state that a replay has reached.
struct Visit<Action: Sendable, Key: Hashable & Sendable>: Sendable {
    /// Identifies the state; states with the same key count as the same.
    var key: Key
    /// The actions possible in the state.
    var actions: [Action]
    /// What went wrong on the way.
    var fault: String?
}

/// Explores what cannot be restored to an earlier state: running code.
///
/// It reaches every state anew, from the start, by the actions that led there first; then it tries one action more. So
/// it tries each action in each state, in breadth-first order, like ``TransitionSystem/explore()``.
///
///     while let path = explorer.nextPath { explorer.note(replay(path)) }
struct ReplayExplorer<Action: Sendable, Key: Hashable & Sendable> {
    private(set) var findings = Findings()
    private var known: Set<Key> = []
    private var pending: [[Action]] = [[]]
    private var tried = 0

    /// The actions to replay next; nil when all were replayed, or there was a fault.
    ///
    /// The same actions have to lead to the same state.
    var nextPath: [Action]? { tried < pending.count && findings.fault == nil ? pending[tried] : nil }

    /// Notes the state that the path has reached.
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
