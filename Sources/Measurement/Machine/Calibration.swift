// SPDX-License-Identifier: Apache-2.0

/// The cost of the machine's own primitives, measured on the same processor and within a minute of the results.
package struct Calibration: Sendable, Equatable, Codable {
    /// A primitive and its cost.
    package struct Item: Sendable, Equatable, Codable {
        /// The primitive's name in the report.
        package var name: String
        /// Its median cost in nanoseconds; nil if this machine could not measure it.
        package var nanoseconds: Double?

        /// Creates an item.
        package init(_ name: String, _ nanoseconds: Double?) {
            self.name = name
            self.nanoseconds = nanoseconds
        }
    }

    /// The primitives, in the order of the report.
    package var items: [Item]
    /// The processor on which they were measured.
    package var cpu: Int?
    /// The second processor, for the primitives that need two.
    package var otherCPU: Int?

    /// The cost of a primitive in nanoseconds; nil if it was not measured.
    package func cost(of primitive: String) -> Double? { items.first { $0.name == primitive }?.nanoseconds }

    /// The primitive that reads the clock.
    package static let clockRead = "clock read"
    /// The primitive that does nothing in a loop.
    package static let emptyLoop = "empty loop"
    /// The primitive that wakes a thread on another processor and waits until that has woken this one.
    package static let handOverOnTwoCores = "futex hand-over and back, two cores"

    /// The machine's way out of idle, in nanoseconds; nil if it was not measured.
    ///
    /// It is half of a hand-over and back between two processors, of which one idles while the other works.
    package var idleExit: Double? { cost(of: Self.handOverOnTwoCores).map { $0 / 2 } }

    /// Creates a calibration from its items.
    package init(items: [Item], cpu: Int? = nil, otherCPU: Int? = nil) {
        self.items = items
        self.cpu = cpu
        self.otherCPU = otherCPU
    }

    /// Measures all primitives; takes about half a second.
    ///
    /// Pins the calling thread to `cpu`.
    ///
    /// - Parameters:
    ///   - otherCPU: a second processor; nil if the process may use only one.
    ///   - extra: primitives from modules that this one does not import; they run on the pinned thread.
    package static func measure(cpu: Int, otherCPU: Int?, extra: [() -> Item]) -> Calibration {
        _ = CPUSet([cpu]).pinCurrentThread()
        let wakeUps = [
            Item("futex hand-over and back, one core", WakeUpProbe.roundTrip(partnerCPU: cpu)),
            Item(Self.handOverOnTwoCores, otherCPU.flatMap { WakeUpProbe.roundTrip(partnerCPU: $0) }),
        ]
        return Calibration(items: Probes.all() + extra.map { $0() } + wakeUps, cpu: cpu, otherCPU: otherCPU)
    }
}

/// Times a primitive in batches.
enum Batches {
    /// The median cost of one operation over several batches, each much longer than the clock's resolution.
    static func medianCost(batches: Int = 15, operations: Int, _ batch: (Int) -> Void) -> Double? {
        batch(operations)
        let costs = (0..<batches).map { _ in
            Double(MonotonicClock.time { batch(operations) }) / Double(operations)
        }
        return Statistics.median(costs)
    }
}
