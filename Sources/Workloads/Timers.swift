// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import Tasklets

extension Workloads {
    /// Many tasklets that each sleep until their own deadline: their lateness.
    ///
    /// All of them have started before the first deadline is set, so that the lateness is that of waking, and not of
    /// starting.
    ///
    /// Then, beside as many sleeping tasklets, receives that complete before their deadline: the cost of arming and
    /// cancelling one.
    ///
    /// Finally, outside the timed region, half as many sleepers over half the time once more, while the processor is
    /// kept from idling: between two deadlines it idles otherwise, and its way out of that is part of the lateness.
    static let timers = Workload(
        name: "timers",
        summary: "The lateness of many deadlines, idle and busy, and the cost of arming and cancelling one.",
        parameters: [
            Parameter("count", "tasklets that sleep concurrently", default: 1_000, quick: 1_000, in: 1...1_000_000),
            Parameter(
                "spread",
                "milliseconds over which the deadlines are spread",
                default: 50,
                quick: 50,
                in: 1...60_000
            ),
            Parameter("cancelled", "deadlines armed and cancelled", default: 10_000, quick: 2_000, in: 1...100_000_000),
        ],
        operation: "deadline",
        metric: "lateness",
        quantity: .waits(.lateness),
        warmUp: ["spread": 5],
        operations: { $0["count"] + $0["cancelled"] },
        expected: { $0["count"] + $0["cancelled"] },
        run: { parameters, observer in
            let count = parameters["count"]
            let spread = Duration.milliseconds(parameters["spread"])
            let sleepers = Sleepers(count, over: spread)
            let early = try await sleepers.run { observer.mark(.begin) }
            let cancelled = try await Cancelling(parameters["cancelled"]).run(beside: count, observer)
            observer.mark(.end)
            observer.record(sleepers.lateness, as: .lateness)
            let busy = Sleepers(max(1, count / 2), over: spread / 2)
            let earlyBusy = try await observer.keepingBusy { try await busy.run() }
            if earlyBusy != nil { observer.record(busy.lateness, as: .latenessBusy) }
            // An early wake-up is a wrong answer.
            return count - early - (earlyBusy ?? 0) + cancelled
        }
    )
}

/// Messages between two tasklets, alternately received with and without a deadline: the difference is the cost of
/// arming and cancelling a deadline.
private struct Cancelling {
    private let messages: Int
    private static let batches = 10

    init(_ messages: Int) { self.messages = messages }

    /// Returns the number of messages received before their deadline.
    func run(beside count: Int, _ observer: any Observer) async throws -> Int {
        let sleepers = Self.sleepers(count)
        while Tasklet.runCount > 1 { try await Tasklet.schedule() }
        var received = 0
        var difference = Duration.zero
        for batch in 0..<Self.batches {
            let size = messages * (batch + 1) / Self.batches - messages * batch / Self.batches
            let (with, count) = try await exchange(size, Self.deadlines(batch))
            difference += with - (try await exchange(size, []).time)
            received += count
        }
        for sleeper in sleepers { try await sleeper.kill() }
        observer.note(.armAndCancel, Double(difference.nanoseconds) / Double(messages))
        return received
    }

    /// Spawns tasklets that sleep until long after the run.
    private static func sleepers(_ count: Int) -> [Tasklet] {
        var random = SplitMix64(seed: 2)
        return (0..<count).map { _ in
            let deadline = farOff(&random)
            return Tasklet.spawn("sleeper") { try await Tasklet.sleep(until: deadline) }
        }
    }

    /// 256 deadlines among those of the sleepers.
    private static func deadlines(_ batch: Int) -> [ContinuousClock.Instant] {
        var random = SplitMix64(seed: UInt64(3 + batch))
        return (0..<256).map { _ in farOff(&random) }
    }

    private static func farOff(_ random: inout SplitMix64) -> ContinuousClock.Instant {
        .now + .seconds(Int64.random(in: 3_600...7_200, using: &random))
    }

    private func exchange(
        _ size: Int,
        _ deadlines: [ContinuousClock.Instant]
    ) async throws -> (time: Duration, received: Int) {
        let channel = Channel<Int>("messages")
        let sender = Tasklet.spawn("sender") { for number in 0..<size { try await channel.send(number) } }
        let start = ContinuousClock.now
        var received = 0
        for number in 0..<size {
            if deadlines.isEmpty {
                _ = try await channel.receive()
            } else if try await channel.receive(until: deadlines[number & 255]) == number {
                received += 1
            }
        }
        let time = ContinuousClock.now - start
        try await sender.join()
        return (time, received)
    }
}
