// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets
import TestSupport

/// Tasklets that an explorer directs, one operation at a time; the channels that they use; and the oracle that knows
/// the expected results.
///
/// Created by the main tasklet, which is the controller.
final class Puppets: @unchecked Sendable {
    // SAFETY: one tasklet runs at a time and hands over to the next, so no two touch anything at once.
    private(set) var oracle: ChannelOracle
    private(set) var tasklets: [Tasklet] = []
    let ports: [any ChannelPort]
    private let alive: Counter
    private var orders: [Operation]
    private var numbers: [Int]
    private(set) var hasStarted: [Bool]
    private var lastNumber = 0
    /// Where a puppet waits between two operations.
    ///
    /// Returns whether another operation follows.
    var gate: @Sendable (Int) async throws -> Bool = { _ in false }

    /// - Parameter alive: counts the sent objects.
    init(_ setting: Setting, isOrdered: Bool, _ alive: Counter) {
        self.alive = alive
        ports = (0..<setting.channels).map { setting.makePort($0) }
        oracle = ChannelOracle(
            puppets: setting.puppets,
            channels: setting.channels,
            capacity: setting.capacity,
            isOrdered: isOrdered
        )
        orders = .init(repeating: .schedule, count: setting.puppets)
        numbers = .init(repeating: 0, count: setting.puppets)
        hasStarted = .init(repeating: false, count: setting.puppets)
        tasklets = (0..<setting.puppets).map { number in Tasklet("puppet \(number)") { await self.live(number) } }
    }

    var indices: Range<Int> { tasklets.indices }

    // MARK: The puppets' bodies

    private func live(_ me: Int) async {
        hasStarted[me] = true
        do {
            repeat { oracle.finish(me, try await performOrder(me)) } while try await gate(me)
            oracle.end(me)
        } catch is TaskletExit {
            oracle.finish(me, .killed)
        } catch {
            oracle.note("\(me) threw \(error)")
            oracle.end(me)
        }
    }

    private func performOrder(_ me: Int) async throws -> Outcome {
        do {
            return try await perform(orders[me], me)
        } catch let failure as TrackedFailure {
            return .failed(failure.object.number)
        }
    }

    private func perform(_ operation: Operation, _ me: Int) async throws -> Outcome {
        switch operation {
        case .send(let channel): try await ports[channel].send(newObject(me))
        case .fail(let channel): try await ports[channel].fail(newObject(me))
        case .receive(let channel): return .received(try await ports[channel].receive())
        case .sendSynchronously(let channel): try sendSynchronously(newObject(me), on: channel)
        case .receiveSynchronously(let channel): return .received(try receiveSynchronously(on: channel))
        case .sendUntil(let channel):
            return try await ports[channel].send(newObject(me), until: Self.never) ? .done : .timedOut
        case .receiveUntil(let channel):
            return try await ports[channel].receive(until: Self.never).map { .received($0) } ?? .timedOut
        case .selectReceives(let one, let other):
            return outcome(of: try await Tasklet.select(ports[one].onReceive(), ports[other].onReceive()))
        case .selectReceivesUntil(let one, let other):
            let number = try await Tasklet.select(ports[one].onReceive(), ports[other].onReceive(), until: Self.never)
            return number.map { outcome(of: $0) } ?? .timedOut
        case .selectSendOrReceive(let one, let other):
            return outcome(of: try await Tasklet.select(ports[one].onSend(newObject(me)), ports[other].onReceive()))
        case .schedule: try await Tasklet.schedule()
        case .kill(let victim): try await tasklets[victim].kill()
        case .killPending(let victim): try await tasklets[victim].kill(pending: true)
        case .run(let other): try await tasklets[other].run()
        }
        return .done
    }

    private func sendSynchronously(_ object: Tracked, on channel: Int) throws {
        try ports[channel].sendSynchronously(object)
    }

    private func receiveSynchronously(on channel: Int) throws -> Int { try ports[channel].receiveSynchronously() }

    private func outcome(of number: Int?) -> Outcome { number.map { .received($0) } ?? .done }

    private func newObject(_ me: Int) -> Tracked { Tracked(numbers[me], alive) }

    /// So far away that it never passes.
    private static var never: ContinuousClock.Instant { .now + .seconds(1_000_000) }

    // MARK: By the controller

    /// Sets the next operation of a puppet that is about to leave its gate.
    func order(_ puppet: Int, _ operation: Operation) {
        lastNumber += 1
        numbers[puppet] = lastNumber
        orders[puppet] = operation
        oracle.begin(puppet, operation, number: lastNumber)
    }

    func interrupt(_ puppet: Int) { oracle.interrupt(puppet) }

    func expire(_ puppet: Int) { oracle.expire(puppet) }

    func note(_ what: String) { oracle.note(what) }

    /// Notes the end of puppets that were killed before they started: they never run, and so cannot report it.
    func noteKilledBeforeStart() {
        for puppet in indices where !hasStarted[puppet] && oracle.isCompleted(puppet) && !tasklets[puppet].isAlive {
            oracle.finish(puppet, .killed)
        }
    }

    // MARK: Verdicts

    /// Whether as many objects are alive as there should be.
    ///
    /// Where tasklets change threads, the thread of a finished turn may still be releasing objects; so a count that is
    /// too high is read again.
    private var hasExpectedCount: Bool {
        let living = oracle.living
        var chances = 10_000
        while !living.contains(alive.value), chances > 0 {
            chances -= 1
            sched_yield()
        }
        return living.contains(alive.value)
    }

    /// Compares the visible state of tasklets and channels with the oracle, while only the controller runs.
    func verify() {
        for puppet in indices { verify(puppet) }
        for channel in ports.indices { verifyQueue(of: channel) }
        if !hasExpectedCount { note("\(alive.value) objects are alive, and not \(oracle.living)") }
        if Tasklet.runCount != 1 + runnable { note("\(Tasklet.runCount) are runnable, and not \(1 + runnable)") }
    }

    private var runnable: Int {
        indices.count { puppet in
            oracle.isCompleted(puppet) || oracle.deferring[puppet] != nil
                || !oracle.isOrdered && oracle.isBetweenOperations(puppet)
        }
    }

    private func verify(_ puppet: Int) {
        let tasklet = tasklets[puppet]
        if tasklet.isBlocked != oracle.isBlocked(puppet) {
            note(tasklet.isBlocked ? "lost wake-up: \(puppet) was woken, and still waits" : "\(puppet) no longer waits")
        }
        if tasklet.isAlive == oracle.hasEnded(puppet) {
            note("\(puppet) is \(tasklet.isAlive ? "still" : "not") alive")
        }
    }

    private func verifyQueue(of channel: Int) {
        let (port, line) = (ports[channel], oracle.lines[channel])
        let expected = waiting(in: line, areSenders: true) + waiting(in: line, areSenders: false)
        let first = line.waiters.first { $0.offer != nil } ?? line.waiters.first
        if port.balance != line.balance { note("the balance of \(channel) is \(port.balance), not \(line.balance)") }
        if port.waiting != expected { note("the queue of \(channel) has the wrong waiters") }
        if port.firstBlocked != first.map({ tasklets[$0.puppet] }) { note("\(channel) has the wrong first waiter") }
        if port.bufferedCount != line.buffer.count { note("\(port.bufferedCount) are in the buffer of \(channel)") }
    }

    private func waiting(in line: ChannelOracle.Line, areSenders: Bool) -> [Tasklet?] {
        line.waiters.filter { ($0.offer != nil) == areSenders }.map { waiter in
            guard case .busy(let operation, _) = oracle.phases[waiter.puppet], operation.transfers.count == 1 else {
                return nil
            }
            return tasklets[waiter.puppet]
        }
    }
}
