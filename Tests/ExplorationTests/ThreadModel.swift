// SPDX-License-Identifier: Apache-2.0

/// What the threads of a model share, their own variables included: the whole state, except for each thread's position.
protocol SharedMemory: Hashable {
    /// A rule that a step has broken.
    var fault: String? { get }

    /// Why the system must not halt in this state.
    ///
    /// - Parameter places: the step that each thread waits to make; nil for a thread that has ended.
    func faultAtRest(_ places: [String?]) -> String?
}

/// One atomic step of a thread, which no other thread can see half done.
struct Step<Memory> {
    /// Where a thread continues after a step.
    enum Flow {
        case next
        /// At the step of that name.
        case go(String)
        /// The step is not possible now, and has changed nothing.
        case wait
        case end
    }

    var name: String
    /// Makes the step, for the thread of that number.
    var make: (inout Memory, Int) -> Flow

    init(_ name: String, _ make: @escaping (inout Memory, Int) -> Flow) {
        self.name = name
        self.make = make
    }

    /// A step that is always possible, and leads to the next one.
    static func always(_ name: String, _ make: @escaping (inout Memory, Int) -> Void) -> Self {
        Step(name) { memory, me in
            make(&memory, me)
            return .next
        }
    }
}

/// Threads that share memory, each with a list of steps, in every order in which the machine may run them.
///
/// Memory is sequentially consistent: a store that may be delayed has to be a step of another thread.
struct ThreadModel<Memory: SharedMemory>: TransitionSystem {
    typealias Steps = [Step<Memory>]

    struct Thread {
        var name: String
        var steps: Steps
    }

    struct State: Hashable {
        var memory: Memory
        /// The step that each thread is to make next.
        var positions: [Int]
    }

    let memory: Memory
    let threads: [Thread]
    private let positions: [[String: Int]]

    init(_ memory: Memory, _ threads: [Thread]) {
        self.memory = memory
        self.threads = threads
        positions = threads.map { thread in
            let numbered = thread.steps.enumerated().map { ($1.name, $0) }
            return Dictionary(numbered) { _, _ in preconditionFailure("\(thread.name) has two steps of one name") }
        }
    }

    var initial: State { State(memory: memory, positions: threads.map { _ in 0 }) }

    func steps(from state: State) -> [(name: String, next: State)] {
        threads.indices.compactMap { step(of: $0, from: state) }
    }

    private func step(of thread: Int, from state: State) -> (name: String, next: State)? {
        let position = state.positions[thread]
        guard position < threads[thread].steps.count else { return nil }
        let step = threads[thread].steps[position]
        var next = state
        switch step.make(&next.memory, thread) {
        case .wait: return nil
        case .next: next.positions[thread] += 1
        case .go(let name): next.positions[thread] = self.position(of: name, thread)
        case .end: next.positions[thread] = threads[thread].steps.count
        }
        return ("\(threads[thread].name): \(step.name)", next)
    }

    private func position(of name: String, _ thread: Int) -> Int {
        guard let position = positions[thread][name] else {
            preconditionFailure("\(threads[thread].name) has no step named \(name)")
        }
        return position
    }

    func fault(in state: State) -> String? { state.memory.fault }

    func faultAtRest(in state: State) -> String? { state.memory.faultAtRest(places(state)) }

    private func places(_ state: State) -> [String?] {
        zip(threads, state.positions).map { $1 < $0.steps.count ? $0.steps[$1].name : nil }
    }
}

/// Ways to break a protocol on purpose.
extension ThreadModel.Thread {
    func moving(_ name: String, before other: String) -> Self {
        var result = self
        let step = result.steps.remove(at: place(of: name))
        result.steps.insert(step, at: result.place(of: other))
        return result
    }

    func replacing(_ name: String, with make: @escaping (inout Memory, Int) -> Step<Memory>.Flow) -> Self {
        var result = self
        result.steps[place(of: name)].make = make
        return result
    }

    func inserting(_ step: Step<Memory>, before other: String) -> Self {
        var result = self
        result.steps.insert(step, at: place(of: other))
        return result
    }

    private func place(of name: String) -> Int {
        guard let place = steps.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("\(self.name) has no step named \(name)")
        }
        return place
    }
}
