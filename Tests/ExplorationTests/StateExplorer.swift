// SPDX-License-Identifier: Apache-2.0

/// A system that moves from state to state by steps, several of which may be possible at a time.
protocol TransitionSystem {
    associatedtype State: Hashable

    var initial: State { get }

    /// Every step that is possible now, and the state that it leads to.
    func steps(from state: State) -> [(name: String, next: State)]

    /// Why this state must not be reached; nil if it may be.
    func fault(in state: State) -> String?

    /// Why the system must not end here, where no step is possible any more; nil if it may.
    func faultAtRest(in state: State) -> String?
}

/// The result of exploring a system.
struct Findings: Sendable {
    /// A broken rule, and a shortest path to it.
    struct Fault: Sendable, CustomStringConvertible {
        var what: String
        var trace: [String]

        var description: String { ([what + ", after:"] + trace).joined(separator: "\n  ") }
    }

    /// How many states were visited, how many steps lead from one to another, and in how many states the system ends.
    var states = 0
    var steps = 0
    var ends = 0
    var fault: Fault?
}

extension TransitionSystem {
    /// Visits every reachable state once, in breadth-first order, until there is a fault.
    ///
    /// A state from which no end can be reached is a fault, too: the system would run in circles forever.
    func explore() -> Findings {
        var explorer = StateExplorer(self)
        explorer.explore()
        return explorer.findings
    }
}

private struct StateExplorer<System: TransitionSystem> {
    let system: System
    private var states: [System.State]
    private var numbers: [System.State: Int]
    /// The state and the step by which each state was reached first.
    private var origins: [(state: Int, step: String)?] = [nil]
    /// The states from which each state can be reached in one step.
    private var predecessors: [[Int]] = [[]]
    private var ends: [Int] = []
    private(set) var findings = Findings()

    init(_ system: System) {
        self.system = system
        states = [system.initial]
        numbers = [system.initial: 0]
    }

    mutating func explore() {
        while findings.states < states.count, findings.fault == nil {
            visit(findings.states)
            findings.states += 1
        }
        findings.ends = ends.count
        if findings.fault == nil, let number = firstWithoutEnd() { note("it runs in circles forever", number) }
    }

    private mutating func visit(_ number: Int) {
        let state = states[number]
        if let what = system.fault(in: state) { return note(what, number) }
        let steps = system.steps(from: state)
        for (name, next) in steps { add(next, from: number, by: name) }
        guard steps.isEmpty else { return }
        ends.append(number)
        if let what = system.faultAtRest(in: state) { note(what, number) }
    }

    private mutating func add(_ state: System.State, from origin: Int, by step: String) {
        findings.steps += 1
        if let known = numbers[state] { return predecessors[known].append(origin) }
        numbers[state] = states.count
        states.append(state)
        origins.append((origin, step))
        predecessors.append([origin])
    }

    private mutating func note(_ what: String, _ number: Int) {
        var trace: [String] = []
        var place = number
        while let origin = origins[place] {
            trace.append(origin.step)
            place = origin.state
        }
        findings.fault = Findings.Fault(what: what, trace: trace.reversed())
    }

    /// The nearest state from which no end can be reached, if any.
    private func firstWithoutEnd() -> Int? {
        var reachesEnd = states.map { _ in false }
        var pending = ends
        while let number = pending.popLast() {
            guard !reachesEnd[number] else { continue }
            reachesEnd[number] = true
            pending += predecessors[number]
        }
        return reachesEnd.firstIndex(of: false)
    }
}
