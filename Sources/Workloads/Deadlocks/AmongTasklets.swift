// SPDX-License-Identifier: Apache-2.0

internal import Callbacks
internal import Tasklets

/// Cases that need no reactor: a tasklet fires the deferred.
extension DeadlockCase {
    /// The classic callback is called at once, and sends in the tasklet that is to receive.
    static func alreadyFired(_ style: WaitStyle) async throws -> String {
        let answer = Deferred<Int>("answer")
        try answer.fire(7)
        return "\(try await Waiter { try await style.wait(for: answer) }.value())"
    }

    /// The same, found at once: the send would have to wait.
    static func blockTrap(_ style: WaitStyle) async throws -> String {
        let answer = Deferred<Int>("answer")
        try answer.fire(7)
        let waiter = Waiter {
            Tasklet.current.blockTrap = true
            return try await style.wait(for: answer)
        }
        return "\(try await waiter.value())"
    }

    /// Nothing but the value ends the wait.
    static func foreignWakeUp(_ style: WaitStyle) async throws -> String {
        let answer = Deferred<Int>("answer")
        let waiter = Waiter { try await style.wait(for: answer) }
        try await untilBlocked("waiter")
        let isRefused = await refuses { try waiter.tasklet.insert() }
        let isRunRefused = await refuses { try await waiter.tasklet.run() }
        try answer.fire(7)
        return "\(try await waiter.value()), and to resume it was \(isRefused && isRunRefused ? "refused" : "allowed")"
    }

    private static func refuses(_ body: () async throws -> Void) async -> Bool {
        do { try await body() } catch { return (error as? SchedulerError)?.code == .blockedTasklet }
        return false
    }

    /// Each callback gets the value.
    static func twoWaiters(_ style: WaitStyle) async throws -> String {
        let answer = Deferred<Int>("answer")
        let first = Waiter("first") { try await style.wait(for: answer) }
        let second = Waiter("second") { try await style.wait(for: answer) }
        try await untilBlocked("first", "second")
        try answer.fire(7)
        return "\(try await first.value() + second.value())"
    }

    /// A callback does not take the value from the next one.
    static func chain(_ style: WaitStyle) async throws -> String {
        let answer = Deferred<Int>("answer")
        let next = try answer.map { $0 + 1 }
        let first = Waiter("first") { try await style.wait(for: answer) }
        let second = Waiter("second") { try await style.wait(for: next) }
        try await untilBlocked("first", "second")
        try answer.fire(7)
        return "\(try await first.value()), \(try await second.value())"
    }

    /// Nothing fires what the waiter waits for.
    static func lost(_ style: WaitStyle) async throws -> String {
        let next = try Deferred<Int>("lost").map { $0 + 1 }
        return "\(try await Waiter { try await style.wait(for: next) }.value())"
    }

    /// Neither comes to fire what the other waits for.
    static func cycle(_ style: WaitStyle) async throws -> String {
        let one = Deferred<Int>("one")
        let two = Deferred<Int>("two")
        let first = Waiter("first") { try two.fire(await style.wait(for: one)) }
        let second = Waiter("second") { try one.fire(await style.wait(for: two)) }
        return "\(try await first.value()), \(try await second.value())"
    }

    /// The frames of `sort` are set aside with the waiter's stack.
    static func synchronousFrame(_ style: WaitStyle) async throws -> String {
        let factor = Deferred<Int>("factor")
        let sorter = Waiter("sorter") {
            var known: Int?
            return try [3, 1, 2].sorted { left, right in
                let factor = try known ?? style.waitHere(for: factor)
                known = factor
                return factor * left < factor * right
            }
        }
        try await untilBlocked("sorter")
        try factor.fire(7)
        return try await sorter.value().map(String.init).joined(separator: " ")
    }

    /// No scheduler could run anything else in its place.
    ///
    /// Main has a deadline, because nothing else ends its wait if the
    /// thread hangs.
    static func foreignThread(_ style: WaitStyle) async throws -> String {
        let answer = Deferred<Int>("answer")
        let outcome = OneShot<Int>()
        let failure = DetachedThread.start { outcome.fulfill(with: Result { try style.waitHere(for: answer) }) }
        if let failure { throw SchedulerError.failed("starting a thread", errno: failure) }
        guard let value = try await outcome.value(until: .now + .seconds(60)) else {
            throw DeadlockCaseFailure(text: "the thread still waits")
        }
        return "the thread has \(value)"
    }

    /// The kill ends the tasklet that was killed, and what waits for it hears of that.
    static func killedCallback(_ style: WaitStyle) async throws -> String {
        let answer = Deferred<Int>("answer")
        let never = Channel<Int>("never")
        let next = try answer.map { _ in try never.receive() }
        let waiter = Waiter { try await style.wait(for: next) }
        try await untilBlocked("waiter")
        let firer = Tasklet.spawn("firer") { try answer.fire(7) }
        try await untilBlocked("firer")
        try await firer.kill()
        try await firer.join()
        return "\(try await waiter.value())"
    }

    /// As in Stackless, `runAll` returns silently; the end of the run reports who is left.
    static func waitingMain(_ style: WaitStyle) async throws -> String {
        let never = Deferred<Int>("never")
        _ = Waiter { try await style.wait(for: never) }
        try await Tasklet.runAll()
        return "main has ended"
    }
}
