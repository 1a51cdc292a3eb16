// SPDX-License-Identifier: Apache-2.0

import Measurement

/// A scheduler of a run: a backend with its workers, and a switching.
struct SchedulerName: Hashable, Sendable {
    /// The backend, with the number of workers if there are several, such as `dispatch ×2`.
    let backend: String
    /// The switching.
    let switching: String

    /// The scheduler that runs a cell.
    init(_ cell: Cell) {
        backend = cell.scheduler
        switching = cell.switching
    }
}

/// What the schedulers of a run are called: the switching is left out where the backend ran with one only.
struct SchedulerNames: Sendable {
    private let switchings: [String: [String]]

    /// Looks at the cells of a run.
    init(_ cells: [Cell]) {
        let schedulers = cells.map(SchedulerName.init).unique
        switchings = Dictionary(grouping: schedulers, by: \.backend).mapValues { $0.map(\.switching) }
    }

    /// A single one, such as `epoll soft` or `thread-per-task`.
    func name(_ scheduler: SchedulerName) -> String {
        hasSwitchings(scheduler) ? "\(scheduler.backend) \(scheduler.switching)" : scheduler.backend
    }

    /// Several, grouped by switching or by backend, as is shorter, such as `hard (epoll, nio), soft (all)`.
    ///
    /// - Parameters:
    ///   - all: the schedulers that they are chosen from.
    ///   - width: how many bytes there are; what does not fit is counted instead.
    func list(_ schedulers: [SchedulerName], of all: [SchedulerName], width: Int) -> String {
        guard schedulers.count > 1 else { return schedulers.first.map(name) ?? "" }
        let bySwitching = groups(schedulers, of: all, by: \.switching, naming: \.backend)
        let byBackend = groups(schedulers, of: all, by: \.backend, naming: \.switching)
        let groups = Self.length(byBackend) < Self.length(bySwitching) ? byBackend : bySwitching
        for shown in stride(from: groups.count, to: 0, by: -1) {
            let rest = groups[shown...].map(\.count).reduce(0, +)
            let text = groups[..<shown].map(\.text).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
            if text.utf8.count <= width { return text }
        }
        return "\(schedulers.count) schedulers"
    }

    private typealias Group = (text: String, count: Int)

    private static func length(_ groups: [Group]) -> Int { groups.map { $0.text.utf8.count + 2 }.reduce(0, +) }

    private func hasSwitchings(_ scheduler: SchedulerName) -> Bool {
        switchings[scheduler.backend, default: []].count > 1
    }

    /// The schedulers in groups that have one name in common; those with a single switching are groups of their own.
    private func groups(
        _ schedulers: [SchedulerName],
        of all: [SchedulerName],
        by common: (SchedulerName) -> String,
        naming other: (SchedulerName) -> String
    ) -> [Group] {
        schedulers.map { hasSwitchings($0) ? common($0) : $0.backend }.unique.map { key in
            let own = schedulers.filter { hasSwitchings($0) && common($0) == key }
            guard !own.isEmpty else { return (key, 1) }
            let rivals = all.filter { hasSwitchings($0) && common($0) == key }
            let isComplete = own.count == rivals.count && own.count > 1
            return ("\(key) (\(isComplete ? "all" : own.map(other).joined(separator: ", ")))", own.count)
        }
    }
}
