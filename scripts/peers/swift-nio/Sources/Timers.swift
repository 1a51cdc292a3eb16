// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Deadlines that expire, and then deadlines that are armed and cancelled.
struct Timers: Workload {
    private let loop: any EventLoop
    private let count: Int
    private let spread: Int64
    private let cancelled: Int
    private static let batches = 10

    init(_ loop: any EventLoop, _ parameters: [String: Int]) {
        self.loop = loop
        count = parameters["count"] ?? 0
        spread = Int64(parameters["spread"] ?? 0) * 1_000_000
        cancelled = parameters["cancelled"] ?? 0
    }

    func run(_ times: Int) throws -> Answer {
        var nanoseconds: Int64 = 0
        var lateness: [Int64] = []
        var cost = 0.0
        var answer = 0
        for _ in 0..<times {
            let begin = NIODeadline.now()
            let late = try sleep()
            let (received, difference) = try armAndCancel()
            nanoseconds += (NIODeadline.now() - begin).nanoseconds
            lateness += late.map { max(0, $0) }
            cost += Double(difference.nanoseconds) / Double(cancelled) / Double(times)
            answer = late.count { $0 >= 0 } + received
        }
        return [
            ("nanoseconds", "\(nanoseconds)"), ("answer", "\(answer)"), ("lateness", "\(lateness)"),
            ("arm-cancel", "\(cost)"),
        ]
    }

    /// Schedules a callback for each deadline; returns how late each is called, in nanoseconds.
    private func sleep() throws -> [Int64] {
        let callbacks = loop.submit { [loop, count, spread] in
            let first = NIODeadline.now() + .milliseconds(10) + .microseconds(20 * Int64(count))
            return (0..<Int64(count)).shuffled().map { index in
                let deadline = first + .nanoseconds(spread * index / Int64(count))
                return loop.scheduleTask(deadline: deadline) { (NIODeadline.now() - deadline).nanoseconds }.futureResult
            }
        }
        return try callbacks.flatMap { [loop] in EventLoopFuture.whenAllSucceed($0, on: loop) }.wait()
    }

    /// Receives with deadlines, and as many without, beside as many callbacks that are far off.
    ///
    /// Returns how many complete before their deadline, and how much longer they take together.
    private func armAndCancel() throws -> (received: Int, difference: TimeAmount) {
        let sleepers = (0..<count).map { _ in loop.scheduleTask(deadline: farOff()) {} }
        defer { for sleeper in sleepers { sleeper.cancel() } }
        var received = 0
        var difference = TimeAmount.zero
        for batch in 0..<Self.batches {
            let size = cancelled * (batch + 1) / Self.batches - cancelled * batch / Self.batches
            let (time, count) = try exchange(size, until: (0..<256).map { _ in farOff() })
            received += count
            difference = difference + time - (try exchange(size, until: []).time)
        }
        return (received, difference)
    }

    private func exchange(_ size: Int, until deadlines: [NIODeadline]) throws -> (time: TimeAmount, received: Int) {
        try loop.flatSubmit { [loop] in Exchange(size, deadlines, on: loop).run() }.wait()
    }
}

/// A time in an hour or two.
private func farOff() -> NIODeadline { .now() + .seconds(Int64.random(in: 3_600...7_200)) }

/// Messages, each a promise that a receiver makes, and a sender keeps in a later turn of the event loop.
private final class Exchange {
    private let loop: any EventLoop
    private let deadlines: [NIODeadline]
    private let done: EventLoopPromise<(time: TimeAmount, received: Int)>
    private var left: Int
    private var received = 0
    private let begin = NIODeadline.now()

    init(_ size: Int, _ deadlines: [NIODeadline], on loop: any EventLoop) {
        self.loop = loop
        self.deadlines = deadlines
        left = size
        done = loop.makePromise()
    }

    /// On the event loop.
    func run() -> EventLoopFuture<(time: TimeAmount, received: Int)> {
        receive()
        return done.futureResult
    }

    /// Receives a message, and then the others.
    private func receive() {
        guard left > 0 else { return done.succeed((.now() - begin, received)) }
        left -= 1
        let number = left
        let message = loop.makePromise(of: Int.self)
        let timeout = deadlines.isEmpty ? nil : arm(message)
        loop.execute { message.succeed(number) }
        message.futureResult.assumeIsolated().whenComplete { result in
            timeout?.cancel()
            if timeout != nil, case .success(number) = result { self.received += 1 }
            self.receive()
        }
    }

    /// Fails a promise at a deadline.
    private func arm(_ message: EventLoopPromise<Int>) -> Scheduled<Void> {
        let deadline = deadlines[left % deadlines.count]
        return loop.scheduleTask(deadline: deadline) { message.fail(ChannelError.connectTimeout(.zero)) }
    }
}
