// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport

/// One ``PeerProgram``, run once, on an ordered scheduler.
///
/// `Tests/Peers/pypy-stackless.py` is the same interpreter, method by method; `Tests/Peers/pypy-stackless.md` explains
/// what it skips, and why.
final class PeerRun: @unchecked Sendable {
    // SAFETY: touched by the tasklets of one ordered scheduler, one at a time, and by no other code while it runs.
    let program: PeerProgram
    private(set) var lines: [String] = []
    var tasklets: [Tasklet?]
    var channels: [Channel<Int>] = []
    /// The tasklets inside `runAll`, the innermost last.
    var runners: [Int] = []
    /// The killed tasklets, and their killers.
    var killers: [Int: Int] = [:]
    private(set) var hasEnded = false

    static let main = 0

    init(_ program: PeerProgram) {
        self.program = program
        tasklets = program.bodies.map { _ in nil }
    }

    /// Runs a program on a new scheduler, on the calling thread, and returns its trace.
    static func trace(of program: PeerProgram, on configuration: Configuration) throws -> [String] {
        let run = PeerRun(program)
        let scheduler = try configuration.makeScheduler()
        do {
            try scheduler.run { await run.runMain() }
        } catch let error as SchedulerError where error.code == .deadlock {
            // Tasklets left behind, which do not matter.
        } catch {
            run.lines.append("run throws \(error)")
        }
        run.forgetTasklets()
        return run.lines
    }

    /// They refer to the run, and it refers to them.
    private func forgetTasklets() {
        tasklets = []
    }

    private func setUp() {
        tasklets[Self.main] = Tasklet.main
        channels = program.channels.enumerated().map { index, setting in
            let channel = Channel<Int>("\(index)")
            channel.preference = setting.preference
            channel.schedulesAll = setting.schedulesAll
            return channel
        }
        let scheduler = Tasklet.scheduler
        if program.logsChannels { scheduler.channelCallback = { [unowned self] in note($0) } }
        if program.logsSwitches { scheduler.scheduleCallback = { [unowned self] in noteSwitch(from: $0, to: $1) } }
    }

    private func tearDown() {
        hasEnded = true
        Tasklet.scheduler.channelCallback = nil
        Tasklet.scheduler.scheduleCallback = nil
    }
}

// How tasklets begin and end.
extension PeerRun {
    private func runMain() async {
        setUp()
        do {
            for (number, step) in program.bodies[Self.main].steps.enumerated() {
                try await perform(Self.main, number, step)
            }
            try await runTheRest()
            note("0 end")
        } catch {
            log(isDeadlock(error) ? "0 deadlock" : "0 \(error)")
        }
        tearDown()
    }

    /// Runs the others until none of them is runnable.
    private func runTheRest() async throws {
        while true {
            do {
                _ = try await runAll(Self.main)
                return
            } catch let failure as Failure {
                note("0 failed \(failure.text)")
            }
        }
    }

    func spawn(_ index: Int) {
        tasklets[index] = Tasklet.spawn("\(index)") { try await self.runBody(index) }
    }

    func makePaused(_ index: Int) {
        tasklets[index] = Tasklet("\(index)") { try await self.runBody(index) }
    }

    private func runBody(_ me: Int) async throws {
        do {
            for (number, step) in program.bodies[me].steps.enumerated() {
                try await perform(me, number, step)
            }
            await linger(me)
            log("\(me) end")
        } catch is TaskletExit {
            try await exit(me)
        } catch let failure as Failure {
            log("\(me) fails \(failure.text)")
            throw failure
        } catch {
            log(isDeadlock(error) ? "\(me) deadlock" : "\(me) \(error)")
            throw error
        }
    }

    /// What a tasklet does as it ends: nothing, catching the error, throwing another one, or spawning.
    private func exit(_ me: Int) async throws {
        guard !hasEnded else { return }
        let ending = program.bodies[me].ending
        log("\(me) exit \(ending.word)")
        if case .spawn(let child) = ending, child != me { spawn(child) }
        await linger(me)
        switch ending {
        case .fail where mayFail || (killers[me] == Self.main && runners.isEmpty): throw Failure("\(me * 100 + 99)")
        case .die: throw TaskletExit()
        default: return
        }
    }

    /// PyPy passes main over when a tasklet ends before it, so tasklets end while main is out of the run queue.
    private func linger(_ me: Int) async {
        while killers[me] == nil, isRunnable(Self.main), !hasEnded {
            guard (try? await Tasklet.schedule()) != nil else { return }
        }
    }

    /// PyPy throws an uncaught error at main, wherever main is, and whichever tasklets are inside `runAll`.
    var mayFail: Bool { runners == [Self.main] }

    private func isDeadlock(_ error: any Error) -> Bool { (error as? SchedulerError)?.code == .deadlock }
}

// Logging.
extension PeerRun {
    func log(_ line: String) {
        if !hasEnded { lines.append(line) }
    }

    /// Logs what happened, and the resulting state.
    func note(_ line: String) {
        let balances = channels.map(describe).joined(separator: " ")
        let flags = String(tasklets.indices.map(flag))
        log("\(line) [\(Tasklet.runCount) | \(balances) | \(flags)]")
    }

    private func describe(_ channel: Channel<Int>) -> String {
        let first = channel.firstBlocked.map { ":\(index(of: $0))" } ?? ""
        let closed = channel.isClosed ? "/" : channel.isClosing ? "-" : ""
        return "\(channel.balance)\(first)\(closed)"
    }

    private func flag(_ index: Int) -> Character {
        guard let tasklet = tasklets[index] else { return "." }
        if runners.contains(index) { return "w" }
        if !tasklet.isAlive { return "d" }
        if tasklet.isBlocked { return "b" }
        if tasklet.isRunnable { return "r" }
        return tasklet.isPaused ? "p" : "?"
    }

    func isRunnable(_ index: Int) -> Bool { tasklets[index]?.isRunnable ?? false }

    private func index(of tasklet: Tasklet?) -> String {
        tasklets.firstIndex { $0 != nil && $0 == tasklet }.map(String.init) ?? "nobody"
    }

    private func note(_ event: ChannelEvent) {
        let act = event.isSending ? "sends" : "receives"
        let wait = event.willBlock ? " and waits" : ""
        log("callback \(index(of: event.tasklet)) \(act) on \(event.channel)\(wait)")
    }

    private func noteSwitch(from previous: Tasklet?, to next: Tasklet?) {
        let names = [previous, next].map { $0.map { "\(index(of: $0))" } ?? "nobody" }
        log("callback \(names[0]) to \(names[1])")
    }
}
