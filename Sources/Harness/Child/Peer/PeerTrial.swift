// SPDX-License-Identifier: Apache-2.0

package import Measurement
import Workloads

/// Measures a cell of a peer in turns: takes the turns that the parent hands out, and has the peer's program work in
/// them.
///
/// The yardsticks around a turn run in this process, on the processor of the peer, while that waits for its next line.
package struct PeerTrial {
    private let trial: Trial
    private let port: TurnPort
    private let workload: Workload
    private let program: PeerProgram

    /// Runs the trial until standard input ends; the record holds every failure short of a crash.
    package static func takeTurns(_ trial: Trial) throws -> TrialRecord {
        let port = TurnPort(timeLimit: trial.timeLimit)
        guard try port.next() == .prepare else { throw UsageError("the parent ended before the trial began") }
        do {
            let measured = try PeerTrial(trial, port)
            defer { measured.program.end() }
            return try measured.run()
        } catch let error as PeerFailure {
            return TrialRecord(trial: trial, status: .failed, message: Console.oneLine(error.description))
        }
    }

    private init(_ trial: Trial, _ port: TurnPort) throws {
        guard let workload = Workloads.named(trial.cell.workload), let path = trial.peer,
            let cpus = CPUSet(list: trial.cell.cpus)
        else { throw UsageError("the trial has a name that this build does not know") }
        guard cpus.pinCurrentThread() else {
            throw UsageError("the kernel refused to pin the trial to CPU \(cpus.list)")
        }
        self.trial = trial
        self.port = port
        self.workload = workload
        program = try PeerProgram(path: path, workload, trial.cell.parameters)
    }

    private func run() throws -> TrialRecord {
        let isMemory = workload.quantity == .memory
        let runs = isMemory ? 1 : try warmUp()
        try port.reply(.ready)
        var turns: [Turn] = []
        var bytes: [UInt64] = []
        while try port.next() == .turn {
            let (turn, reading) = try takeTurn(runs)
            turns.append(turn)
            bytes += [reading.bytes].compactMap(\.self)
            try port.reply(.turn(turn))
        }
        return record(turns, bytes)
    }

    /// Runs until the peer does not get faster any more; returns how many runs a turn has.
    private func warmUp() throws -> Int {
        let end = MonotonicClock.now() + Self.warmUpTime
        var best = UInt64.max
        var slower = 0
        repeat {
            let elapsed = max(try program.run(1).nanoseconds, 1)
            slower = elapsed > best - best / 20 ? slower + 1 : 0
            best = min(best, elapsed)
            // A compiler that works while the program runs makes some later runs faster.
        } while slower < 3 && MonotonicClock.now() < end
        return Int(max(1, min(Self.turnTime / min(best, Self.turnTime), 1_000)))
    }

    /// The longest warm-up, unless a single run takes longer, in nanoseconds: compilers at run time need more than ours.
    private static let warmUpTime: UInt64 = 200_000_000
    /// How long a turn lasts at least, as for the schedulers.
    private static let turnTime: UInt64 = 2_000_000

    private func takeTurn(_ runs: Int) throws -> (Turn, PeerProgram.Reading) {
        let start = MonotonicClock.now()
        let before = SpeedYardstick.measure()
        let reading = try program.run(runs)
        let after = SpeedYardstick.measure()
        return (Turn(start: start, runs: runs, elapsed: reading.nanoseconds, before: before, after: after), reading)
    }

    private func record(_ turns: [Turn], _ bytes: [UInt64]) -> TrialRecord {
        let runs = turns.map(\.runs).reduce(0, +)
        let operations = Double(max(1, program.operations))
        let time = Double(turns.map(\.elapsed).reduce(0, +)) / operations / Double(max(1, runs))
        let memory = Statistics.median(bytes.map { Double($0) / operations })
        var observed = trial.cell
        observed.cpus = CPUSet.allowed().list
        return TrialRecord(
            trial: trial,
            observed: observed,
            status: BuildMode.isDebug ? .debug : .ok,
            measures: [Measure(workload.primaryMetric, memory ?? time)],
            turns: turns,
            operations: program.operations,
            runs: runs
        )
    }
}
