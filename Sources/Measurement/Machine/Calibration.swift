// SPDX-License-Identifier: Apache-2.0

/// What the machine's own primitives cost, in the same minute and on the same processor as the results beside them.
package struct Calibration: Sendable, Equatable, Codable {
    /// One primitive.
    package struct Item: Sendable, Equatable, Codable {
        /// What was measured.
        package var name: String
        /// Its median cost in nanoseconds; nil where this machine could not measure it.
        package var nanoseconds: Double?

        /// Creates an item.
        package init(_ name: String, _ nanoseconds: Double?) {
            self.name = name
            self.nanoseconds = nanoseconds
        }
    }

    /// The primitives, in the order of the report.
    package var items: [Item]
    /// The processor that they were measured on.
    package var cpu: Int?
    /// The other processor of the measures that need two.
    package var otherCPU: Int?

    /// Creates a calibration from its items.
    package init(items: [Item], cpu: Int? = nil, otherCPU: Int? = nil) {
        self.items = items
        self.cpu = cpu
        self.otherCPU = otherCPU
    }

    /// Measures everything that this module can, on one processor and, where there is one, another.
    ///
    /// Pins the calling thread. Takes about half a second.
    ///
    /// - Parameter extra: measures that need what this module does not know; run on the pinned thread.
    package static func measure(cpu: Int, otherCPU: Int?, extra: [() -> Item]) -> Calibration {
        _ = CPUSet([cpu]).pinCurrentThread()
        let handOvers = [
            Item("futex hand-over and back, one core", HandOver.roundTrip(partnerCPU: cpu)),
            Item("futex hand-over and back, two cores", otherCPU.flatMap { HandOver.roundTrip(partnerCPU: $0) }),
        ]
        return Calibration(items: Probes.all() + extra.map { $0() } + handOvers, cpu: cpu, otherCPU: otherCPU)
    }
}

/// Times batches of a primitive.
enum Batches {
    /// The median cost of one operation over several batches, each many times longer than the clock is precise.
    static func medianCost(batches: Int = 15, operations: Int, _ batch: (Int) -> Void) -> Double? {
        batch(operations)
        let costs = (0..<batches).map { _ in
            Double(MonotonicClock.time { batch(operations) }) / Double(operations)
        }
        return Statistics.median(costs)
    }
}
