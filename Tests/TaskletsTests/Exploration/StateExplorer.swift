// SPDX-License-Identifier: Apache-2.0

/// Something that goes from state to state, by steps of which several may be possible at a time.
protocol TransitionSystem {
    associatedtype State: Hashable

    var initial: State { get }

    /// Every step that can be made now, and where it leads.
    func steps(from state: State) -> [(name: String, next: State)]

    /// Why this state must not be reached; nil when it may be.
    func fault(in state: State) -> String?

    /// Why it must not end here, where no step is possible any more; nil when it may.
    func faultAtRest(in state: State) -> String?
}

/// What was found out about a system.
struct Findings: Sendable {
    /// A shortest way to something that must not be.
    struct Fault: Sendable, CustomStringConvertible {
        var what: String
        var trace: [String]

        var description: String { ([what + ", after:"] + trace).joined(separator: "\n  ") }
    }

    /// How many states were looked at, how many steps lead from one to another, and in how many it ends.
    var states = 0
    var steps = 0
    var ends = 0
    var fault: Fault?
}

extension TransitionSystem {
    /// Looks at every state that can be reached, each once, the nearest first, until there is a fault.
    ///
    /// It is a fault, too, when from some state no end can be reached: there it would go in circles for ever.
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
    /// From which state, and by which step, each was reached first.
    private var origins: [(state: Int, step: String)?] = [nil]
    /// From which states each can be reached in one step.
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
        if findings.fault == nil, let number = firstWithoutEnd() { note("it goes in circles for ever", number) }
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

    /// The nearest state, if there is one, from which no end can be reached.
    private func firstWithoutEnd() -> Int? {
        var comesToEnd = states.map { _ in false }
        var pending = ends
        while let number = pending.popLast() {
            guard !comesToEnd[number] else { continue }
            comesToEnd[number] = true
            pending += predecessors[number]
        }
        return comesToEnd.firstIndex(of: false)
    }
}
