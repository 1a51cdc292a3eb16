// SPDX-License-Identifier: Apache-2.0

internal import Callbacks
internal import Tasklets

/// Cases in which a callback of the reactor waits, or does what keeps it from calling others.
extension DeadlockCase {
    /// The classic wait keeps the reactor from making the next call, which would fire what it waits for.
    static func onReactor(_ style: WaitStyle, besides turns: Int) async throws -> String {
        let reactor = try await Reactor.start()
        let answer = Deferred<Int>("answer")
        let outcome = Deferred<Int>("outcome")
        if turns > 0 { Tasklet.spawn("other") { for _ in 0..<turns { try await Tasklet.schedule() } } }
        reactor.call { try outcome.fire(with: try result { try style.waitHere(for: answer) }) }
        reactor.call { try answer.fire(7) }
        return "the reactor has waited for itself, and has \(try await outcome.value())"
    }

    /// The classic callback sends to a channel that nobody receives from.
    static func killedWaiter(_ style: WaitStyle) async throws -> String {
        let reactor = try await Reactor.start()
        let answer = Deferred<Int>("answer")
        let waiter = Waiter { try await style.wait(for: answer) }
        try await untilBlocked("waiter")
        try await waiter.tasklet.kill()
        try await waiter.tasklet.join()
        let next = Deferred<Int>("next")
        reactor.call { try answer.fire(7) }
        reactor.call { try next.fire(8) }
        return "the reactor goes on: \(try await next.value())"
    }

    /// The waiter has added its callback for the first value, and waits for the second one: the classic callback
    /// blocks the reactor until it receives the first.
    static func earlyValue(_ style: WaitStyle) async throws -> String {
        let reactor = try await Reactor.start()
        let first = Deferred<Int>("first")
        let second = Deferred<Int>("second")
        let waiter = Waiter {
            let firstValue = try style.begin(first)
            return try await style.wait(for: second) + firstValue()
        }
        try await untilBlocked("waiter")
        reactor.call { try first.fire(1) }
        reactor.call { try second.fire(2) }
        return "\(try await waiter.value())"
    }

    /// Control comes back to the reactor, and not to a tasklet that waits.
    static func nested(_ style: WaitStyle) async throws -> String {
        let reactor = try await Reactor.start()
        let answer = Deferred<Int>("answer")
        let outer = Deferred<Int>.spawn("outer") {
            let inner = Deferred<Int>.spawn("inner") { try await style.wait(for: answer) + 1 }
            return try await style.wait(for: inner) + 1
        }
        try await untilBlocked("outer", "inner")
        reactor.call { try answer.fire(7) }
        return "\(try await outer.value())"
    }

    /// The operation fails, and so does the wait.
    static func stoppedReactor(_ style: WaitStyle) async throws -> String {
        let reactor = try await Reactor.start()
        let timer = try reactor.after(.seconds(3600))
        let waiter = Waiter { try await style.wait(for: timer) }
        try await untilBlocked("waiter")
        reactor.stop()
        try await waiter.value()
        return "an hour has passed"
    }

    /// The waiter's error is its own, and does not come out of the callback that woke it.
    static func failingWaiter(_ style: WaitStyle) async throws -> String {
        let reactor = try await Reactor.start()
        let answer = Deferred<Int>("answer")
        let next = Deferred<Int>("next")
        let waiter = Waiter<Int> {
            _ = try await style.wait(for: answer)
            throw DeadlockCaseFailure(text: "the waiter has failed")
        }
        try await untilBlocked("waiter")
        reactor.call {
            try answer.fire(7)
            try next.fire(8)
        }
        do { return "the waiter has ended: \(try await waiter.value())" } catch let failure as DeadlockCaseFailure {
            return "\(failure); the reactor goes on: \(try await next.value())"
        }
    }

    /// What is runnable runs, whatever the reactor waits for: a scheduler polls the connection meanwhile, and must not
    /// wait for it.
    static func idleReactor(_ style: WaitStyle) async throws -> String {
        let reactor = try await Reactor.start()
        try reactor.after(.seconds(3600)) { _ in }
        let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
        let silent = try await reactor.connect(host: "127.0.0.1", port: listener.port).value()
        try reactor.read(silent) { _ in }
        let numbers = Channel<Int>("numbers")
        let sum = Deferred<Int>("sum")
        let waiter = Waiter { try await style.wait(for: sum) }
        try await untilBlocked("waiter")
        Tasklet.spawn("sender") { for _ in 0..<1000 { try await numbers.send(1) } }
        Tasklet.spawn("receiver") {
            var total = 0
            for _ in 0..<1000 { total += try await numbers.receive() }
            try sum.fire(total)
        }
        let total = try await waiter.value()
        reactor.stop()
        return "\(total)"
    }
}
