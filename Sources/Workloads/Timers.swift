// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// Many tasklets that sleep, each until a deadline of its own: how late they wake up; then, beside as many that sleep
    /// on, waits with a deadline that end before it: what arming and cancelling costs.
    static let timers = Workload(
        name: "timers",
        summary: "Deadlines spread over a time, and how late they are kept; and what one costs that is not needed.",
        parameters: [
            Parameter("count", "tasklets that sleep at the same time", default: 1_000, quick: 1_000, in: 1...1_000_000),
            Parameter(
                "spread",
                "milliseconds over which their deadlines are spread",
                default: 50,
                quick: 50,
                in: 1...60_000
            ),
            Parameter("cancelled", "deadlines armed and cancelled", default: 10_000, quick: 2_000, in: 1...100_000_000),
        ],
        operation: "deadline",
        metric: "lateness",
        quantity: .waits(.lateness),
        operations: { $0["count"] + $0["cancelled"] },
        expected: { $0["count"] + $0["cancelled"] },
        run: { parameters, observer in
            let count = parameters["count"]
            let waits = Waits(count)
            let kept = Tally()
            observer.mark(.begin)
            try await expire(count, over: .milliseconds(parameters["spread"]), waits, kept)
            let cancelled = try await Cancelling(parameters["cancelled"]).run(beside: count, observer)
            observer.mark(.end)
            observer.record(waits.all, as: .lateness)
            return kept.sum + cancelled
        }
    )
}

/// Arms all deadlines, in an order that has nothing to do with theirs, and waits until all have come.
private func expire(_ count: Int, over spread: Duration, _ waits: Waits, _ kept: Tally) async throws {
    var dice = Dice(seed: 1)
    let order = (0..<count).shuffled(using: &dice)
    // Nobody is to be late because others were still being started: a thread takes about this long.
    let lead = max(.milliseconds(10), min(.microseconds(20) * count, .seconds(2)))
    let first = ContinuousClock.now + lead
    var sleepers: [Tasklet] = []
    for index in order {
        let deadline = first + spread * index / count
        sleepers.append(
            Tasklet.spawn("sleeper") {
                try await Tasklet.sleep(until: deadline)
                let lateness = ContinuousClock.now - deadline
                waits.note(lateness, at: index)
                // One that came too early does not count.
                if lateness >= .zero { kept.add(1) }
            }
        )
    }
    for sleeper in sleepers { try await sleeper.join() }
}

/// Messages between two tasklets, received with a deadline and without, in turns: the difference is what arming a
/// deadline and cancelling it costs.
private struct Cancelling {
    private let messages: Int
    private static let batches = 10

    init(_ messages: Int) { self.messages = messages }

    /// Returns how many messages came before their deadline.
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

    /// Tasklets that sleep until long after the run.
    private static func sleepers(_ count: Int) -> [Tasklet] {
        var dice = Dice(seed: 2)
        return (0..<count).map { _ in
            let deadline = farOff(&dice)
            return Tasklet.spawn("sleeper") { try await Tasklet.sleep(until: deadline) }
        }
    }

    /// 256 of them, somewhere among those of the sleepers.
    private static func deadlines(_ batch: Int) -> [ContinuousClock.Instant] {
        var dice = Dice(seed: UInt64(3 + batch))
        return (0..<256).map { _ in farOff(&dice) }
    }

    private static func farOff(_ dice: inout Dice) -> ContinuousClock.Instant {
        .now + .seconds(Int64.random(in: 3_600...7_200, using: &dice))
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
