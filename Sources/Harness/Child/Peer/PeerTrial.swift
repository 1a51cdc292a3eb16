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
    private let parameters: Parameters

    /// Runs the trial until standard input ends; the record holds every failure short of a crash.
    package static func takeTurns(_ trial: Trial) throws -> TrialRecord {
        let port = TurnPort(timeLimit: trial.timeLimit)
        guard try port.next() == .prepare else { throw UsageError("the parent ended before the trial began") }
        do {
            return try PeerTrial(trial, port).measure()
        } catch let error as GeneratorFailure where error.isShortage {
            return TrialRecord(trial: trial, status: .unsupported, message: Console.oneLine(error.description))
        } catch let error as PeerFailure {
            return TrialRecord(trial: trial, status: .failed, message: Console.oneLine(error.description))
        } catch let error as GeneratorFailure {
            return TrialRecord(trial: trial, status: .failed, message: Console.oneLine(error.description))
        }
    }

    private init(_ trial: Trial, _ port: TurnPort) throws {
        guard let workload = Workloads.named(trial.cell.workload) else {
            throw UsageError("the trial has a workload that this build does not know")
        }
        self.trial = trial
        self.port = port
        self.workload = workload
        parameters = Parameters(trial.cell.parameters)
    }

    /// Starts the peer, and a load generator if it is a server, and ends them.
    private func measure() throws -> TrialRecord {
        guard let path = trial.peer, let cpus = CPUSet(list: trial.cell.cpus) else {
            throw UsageError("the trial has no peer, or no processors")
        }
        DescriptorLimit.raise()
        let load = workload.serverLoad?(parameters)
        // Before this process, and so the peer, is pinned.
        let generator = try load.map { _ in
            try PeerLoad(cpus: GeneratorProcess.cpus(allowed: .allowed(), measured: cpus))
        }
        defer { generator?.end() }
        guard cpus.pinCurrentThread() else {
            throw UsageError("the kernel refused to pin the trial to CPU \(cpus.list)")
        }
        let program = try PeerProgram(path: path, workload, trial.cell.parameters)
        defer { program.end() }
        let expected = workload.expected(parameters)
        guard let load, let generator else { return try takeTurns(TimedPeerRuns(program, expected: expected)) }
        return try takeTurns(ServedPeerRuns(program, generator, load, expected: expected))
    }

    private func takeTurns(_ peer: some PeerRuns) throws -> TrialRecord {
        let runs = try warmUp(peer)
        try port.reply(.ready)
        var turns: [Turn] = []
        var readings: [RunReading] = []
        while try port.next() == .turn {
            let (turn, reading) = try takeTurn(peer, runs)
            turns.append(turn)
            readings.append(reading)
            try port.reply(.turn(turn))
        }
        return record(turns, readings, peer.process.peakResident)
    }

    /// Runs until the peer does not get faster any more; returns how many runs a turn has.
    private func warmUp(_ peer: some PeerRuns) throws -> Int {
        guard workload.quantity != .memory else { return 1 }
        guard workload.warmUp.isEmpty else {
            // A schedule fixes how long a run takes.
            _ = try peer.perform(1)
            return 1
        }
        var best = UInt64.max
        var slower = 0
        let start = MonotonicClock.now()
        var improved = start
        repeat {
            let elapsed = max(try peer.perform(1).elapsed, 1)
            let now = MonotonicClock.now()
            if elapsed < best - best / 20 { (slower, improved) = (0, now) } else { slower += 1 }
            best = min(best, elapsed)
            if slower >= 3, now - improved >= Self.steadyTime { break }
        } while MonotonicClock.now() - start < Self.warmUpTime
        return Int(max(1, min(Self.turnTime / min(best, Self.turnTime), 1_000)))
    }

    /// How long a peer is warm when it has not become faster, in nanoseconds: a compiler that works while the program
    /// runs makes some later runs faster.
    private static let steadyTime: UInt64 = 50_000_000
    /// The longest warm-up, unless a single run takes longer, in nanoseconds.
    private static let warmUpTime: UInt64 = 1_000_000_000
    /// How long a turn lasts at least, as for the schedulers.
    private static let turnTime: UInt64 = 2_000_000

    private func takeTurn(_ peer: some PeerRuns, _ runs: Int) throws -> (Turn, RunReading) {
        let start = MonotonicClock.now()
        let waited = peer.process.waited
        let before = SpeedYardstick.measure()
        let reading = try peer.perform(runs)
        let after = SpeedYardstick.measure()
        let waitedNow = peer.process.waited
        let turn = Turn(
            start: start,
            runs: runs,
            elapsed: reading.elapsed,
            before: before,
            after: after,
            waited: waitedNow - min(waited, waitedNow)
        )
        return (turn, reading)
    }

    private func record(_ turns: [Turn], _ readings: [RunReading], _ peakMemory: UInt64?) -> TrialRecord {
        let results = TrialResults(
            ofPeer: workload,
            readings,
            runs: turns.map(\.runs).reduce(0, +),
            operations: workload.operations(parameters),
            peakMemory: peakMemory
        )
        var observed = trial.cell
        observed.cpus = CPUSet.allowed().list
        return TrialRecord(
            trial: trial,
            observed: observed,
            status: BuildMode.isDebug ? .debug : .ok,
            measures: results.measures,
            turns: turns,
            histograms: results.histograms,
            operations: results.operations,
            runs: results.runs
        )
    }
}
