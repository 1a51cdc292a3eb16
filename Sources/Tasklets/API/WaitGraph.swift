// SPDX-License-Identifier: Apache-2.0

/// Which tasklet waits for which, drawn as text.
///
/// Every blocked tasklet waits for at most one known other (see ``BlockedTasklet/partner``), so the drawing consists of
/// chains, which end or run into a cycle.
struct WaitGraph {
    private let partners: [Tasklet: Tasklet]
    private let order: [Tasklet]

    init(_ blocked: [BlockedTasklet]) {
        order = blocked.map(\.tasklet)
        partners = Dictionary(blocked.map { ($0.tasklet, $0.partner) }, uniquingKeysWith: { first, _ in first })
            .compactMapValues { $0 }
    }

    /// One line a cycle, and then one a chain.
    var lines: [String] {
        let cycles = cycles
        let cyclic = Set(cycles.joined())
        let awaited = Set(partners.values)
        let starts = order.filter { partners[$0] != nil && !cyclic.contains($0) && !awaited.contains($0) }
        return cycles.map { "a cycle: " + Self.drawn($0 + $0.prefix(1)) }
            + starts.map { Self.drawn(chain(from: $0, upTo: cyclic)) }
    }

    /// The cycles, each beginning with the one of its tasklets that was blocked first.
    private var cycles: [[Tasklet]] {
        var seen: Set<Tasklet> = []
        var cycles: [[Tasklet]] = []
        for start in order {
            var path: [Tasklet] = []
            var next: Tasklet? = start
            while let tasklet = next, seen.insert(tasklet).inserted {
                path.append(tasklet)
                next = partners[tasklet]
            }
            if let next, let first = path.firstIndex(of: next) { cycles.append(Array(path[first...])) }
        }
        return cycles
    }

    private func chain(from start: Tasklet, upTo cyclic: Set<Tasklet>) -> [Tasklet] {
        var chain = [start]
        while let last = chain.last, !cyclic.contains(last), let next = partners[last] { chain.append(next) }
        return chain
    }

    private static func drawn(_ tasklets: [Tasklet]) -> String {
        tasklets.map(\.description).joined(separator: " → ")
    }
}
