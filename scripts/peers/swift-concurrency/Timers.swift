// SPDX-License-Identifier: Apache-2.0

/// Deadlines that expire, and then deadlines that are armed and cancelled.
func timers(count: Int, spread: Int, cancelled: Int) async -> Outcome {
    let sleepers = await Sleepers(count, over: .milliseconds(spread))
    let begin = ContinuousClock.now
    let lateness = await sleepers.run()
    let (received, armCancel) = await armAndCancel(cancelled, beside: count)
    let elapsed = ContinuousClock.now - begin
    return Outcome(
        measured: elapsed.nanoseconds,
        answer: lateness.count { $0 >= 0 } + received,
        lateness: lateness.map { max(0, $0) },
        armCancel: armCancel
    )
}

/// Tasks that each sleep until a deadline of their own.
private struct Sleepers {
    private let gate = Gate<ContinuousClock.Instant>()
    private let tasks: [Task<Int, Never>]

    /// Starts them; they wait when this returns.
    init(_ count: Int, over spread: Duration) async {
        tasks = (0..<count).shuffled().map { [gate] index in
            Task {
                let deadline = await gate.pass() + spread * index / count
                try? await Task.sleep(until: deadline, clock: .continuous)
                return (ContinuousClock.now - deadline).nanoseconds
            }
        }
        await gate.reach(count)
    }

    /// Has them sleep; returns how late each wakes, in nanoseconds.
    func run() async -> [Int] {
        // Time for all to fall asleep before the first deadline.
        gate.open(with: .now + .milliseconds(10) + .microseconds(20 * tasks.count))
        var lateness: [Int] = []
        for task in tasks { lateness.append(await task.value) }
        return lateness
    }
}

/// Receives with deadlines, and as many without, beside tasks that sleep; returns how many completed before their
/// deadline, and the nanoseconds that one costs.
private func armAndCancel(_ messages: Int, beside count: Int) async -> (received: Int, cost: Double) {
    let sleepers = (0..<count).map { _ in Task { try? await Task.sleep(until: farOff(), clock: .continuous) } }
    let batches = 10
    var received = 0
    var difference = Duration.zero
    for batch in 0..<batches {
        let size = messages * (batch + 1) / batches - messages * batch / batches
        let (time, count) = await exchange(size, until: (0..<256).map { _ in farOff() })
        received += count
        difference += time - (await exchange(size, until: []).time)
    }
    for sleeper in sleepers { sleeper.cancel() }
    for sleeper in sleepers { await sleeper.value }
    return (received, Double(difference.nanoseconds) / Double(messages))
}

/// A time in an hour or two.
private func farOff() -> ContinuousClock.Instant { .now + .seconds(Int.random(in: 3_600...7_200)) }

/// Receives messages with these deadlines in turn, if there are any, and returns how long it takes, and how many come
/// before their deadline.
private func exchange(
    _ size: Int,
    until deadlines: [ContinuousClock.Instant]
) async -> (time: Duration, received: Int) {
    let channel = Channel()
    let sender = Task { for number in 0..<size { await channel.send(number) } }
    let begin = ContinuousClock.now
    var received = 0
    for number in 0..<size {
        if deadlines.isEmpty {
            _ = await channel.receive()
        } else if await channel.receive(until: deadlines[number % deadlines.count]) == number {
            received += 1
        }
    }
    let time = ContinuousClock.now - begin
    await sender.value
    return (time, received)
}
