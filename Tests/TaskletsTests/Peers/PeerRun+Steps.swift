// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport

/// The steps of a program; each returns what is logged of it.
extension PeerRun {
    func perform(_ me: Int, _ number: Int, _ step: PeerProgram.Step) async throws {
        guard !hasEnded else { throw TaskletExit() }
        let result: String
        do {
            result = try await act(me, number, step)
        } catch let failure as Failure where me == Self.main {
            result = "failed \(failure.text)"
        } catch is TaskletExit where me == Self.main {
            result = "exit"
        }
        note("\(me).\(number) \(step.text): \(result)")
    }

    private func act(_ me: Int, _ number: Int, _ step: PeerProgram.Step) async throws -> String {
        switch step.verb {
        case .send, .fail, .exit, .sequence, .receive, .take: return try await communicate(me, number, step)
        case .drain: return try await drain(me, number, step)
        case .prefer, .all, .close, .open: set(channels[step.operands[0]], step)
        case .spawn: spawn(step.operands[0])
        case .pause: makePaused(step.operands[0])
        case .doom: return try await doom(me, step.operands[0])
        case .insert, .run, .remove: return try await handle(step.operands[0], step.verb)
        case .kill: return try await kill(me, step.operands[0])
        case .schedule: try await Tasklet.schedule()
        case .park: try await Tasklet.scheduleRemove()
        case .runall: return try await runAll(me)
        case .throw: return try fail(me, number)
        }
        return "done"
    }

    func runAll(_ me: Int) async throws -> String {
        runners.append(me)
        defer { runners.removeAll { $0 == me } }
        try await Tasklet.runAll()
        return "done"
    }

    private func fail(_ me: Int, _ number: Int) throws -> String {
        guard mayFail else { return "skipped" }
        throw Failure("\(me * 100 + number)")
    }
}

// Channels.
extension PeerRun {
    private func communicate(_ me: Int, _ number: Int, _ step: PeerProgram.Step) async throws -> String {
        let channel = channels[step.operands[0]]
        guard mayAct(me, on: channel, isReceiving: step.verb == .receive || step.verb == .take) else {
            return "skipped"
        }
        let value = me * 100 + number
        switch step.verb {
        case .receive, .take: return try await receive(me, from: channel, step)
        case .fail: try await channel.send(throwing: Failure("\(value)"))
        case .exit: try await channel.send(throwing: TaskletExit())
        case .sequence: try await channel.send(contentsOf: (0..<step.operands[1]).map { value * 100 + $0 })
        case _ where step.isSynchronous: try [value].forEach { try channel.send($0) }
        default: try await channel.send(value)
        }
        return "done"
    }

    /// PyPy does not keep operations on a closed channel from waiting; and main alone would only end the program.
    private func mayAct(_ me: Int, on channel: Channel<Int>, isReceiving: Bool) -> Bool {
        let wouldBlock = isReceiving ? channel.balance <= 0 : channel.balance >= 0
        return !wouldBlock || !(channel.isClosing || (me == Self.main && Tasklet.runCount == 1))
    }

    private func receive(
        _ me: Int,
        from channel: Channel<Int>,
        _ step: PeerProgram.Step
    ) async throws -> String {
        do {
            if step.isSynchronous { return "\(try [0].map { _ in try channel.receive() }[0])" }
            return "\(try await channel.receive())"
        } catch let failure as Failure where step.verb == .receive || !mayFail {
            return "caught \(failure.text)"
        } catch is TaskletExit where step.verb == .receive && killers[me] == nil && !hasEnded {
            return "caught exit"
        }
    }

    /// Serves waiting tasklets in turn, several times.
    private func drain(_ me: Int, _ number: Int, _ step: PeerProgram.Step) async throws -> String {
        let channel = channels[step.operands[0]]
        var results: [String] = []
        while channel.balance != 0, results.count < 6 {
            let verb = channel.balance > 0 ? PeerProgram.Verb.receive : .send
            results.append(try await communicate(me, number, .init(verb: verb, operands: step.operands)))
        }
        return results.joined(separator: ", ")
    }

    private func set(_ channel: Channel<Int>, _ step: PeerProgram.Step) {
        switch step.verb {
        case .prefer: channel.preference = Preference(rawValue: step.operands[1]) ?? .none
        case .all: channel.schedulesAll = step.operands[1] != 0
        case .close: channel.close()
        default: channel.open()
        }
    }
}

// Operations on other tasklets.
extension PeerRun {
    private func handle(_ index: Int, _ verb: PeerProgram.Verb) async throws -> String {
        guard let tasklet = tasklet(index), verb == .remove || !tasklet.isRunnable else { return "skipped" }
        do {
            switch verb {
            case .insert: try tasklet.insert()
            case .run: try await tasklet.run()
            default: try tasklet.remove()
            }
            return "done"
        } catch let error as SchedulerError where error.code != .deadlock {
            return Self.refusal(error.code)
        }
    }

    private static func refusal(_ code: SchedulerError.Code) -> String {
        switch code {
        case .blockedTasklet: "blocked tasklet"
        case .deadTasklet: "dead tasklet"
        case .currentTasklet: "current tasklet"
        default: "\(code)"
        }
    }

    /// The tasklet, unless it is main or waits inside `runAll`, which PyPy does not know.
    private func tasklet(_ index: Int) -> Tasklet? {
        index == Self.main || runners.contains(index) ? nil : tasklets[index]
    }

    /// Kills a new tasklet, which has not run yet.
    private func doom(_ me: Int, _ index: Int) async throws -> String {
        guard mayKill(me) else { return "skipped" }
        spawn(index)
        killers[index] = me
        try await tasklets[index]?.kill()
        return "done"
    }

    private func kill(_ me: Int, _ index: Int) async throws -> String {
        guard let victim = tasklet(index) else { return "skipped" }
        if index != me, victim.isAlive {
            // After a runnable tasklet's death Stackless continues with the tasklet behind it; PyPy with the killer.
            let isElsewhere = victim.isRunnable && Tasklet.runCount > 2
            guard !isElsewhere, mayKill(me) else { return "skipped" }
            killers[index] = me
        }
        try await victim.kill()
        return "done"
    }

    /// PyPy continues with main when a victim has died; main continues with the killer, unless it is runnable itself.
    private func mayKill(_ me: Int) -> Bool { me == Self.main || !isRunnable(Self.main) }
}
