// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports
import SystemPackage

/// A child that measures a cell in turns.
///
/// Each call blocks the calling thread until the child has answered: nothing else is to be done meanwhile, and a thread
/// that switches to other work would disturb what is measured.
final class TurnProcess {
    /// What it measures.
    let trial: Trial
    /// Its turns so far.
    private(set) var turns: [Turn] = []
    /// Nanoseconds that it was waited for.
    private(set) var time: UInt64 = 0
    private var record: TrialRecord?
    /// It does not end on its own account.
    private var mustBeKilled = false
    private let socket: ReplySocket
    private let child: Task<String?, Never>

    /// Starts the child, which loads while others do.
    ///
    /// - Throws: `Errno` where there are no descriptors left.
    init(_ trial: Trial, _ launcher: ChildProcess) throws {
        self.trial = trial
        let request = try JSONText.line(trial)
        let (socket, far) = try ReplySocket.pair()
        self.socket = socket
        child = Task.detached { await launcher.converse(.turns, [request], on: FileDescriptor(rawValue: far)) }
    }

    /// Whether it can still take turns.
    var isAlive: Bool { record == nil }

    /// Has it warm up.
    func prepare() { ask(.prepare) }

    /// Gives it a turn.
    func takeTurn() { ask(.turn) }

    /// Ends it, and returns its record; nil where the run has been interrupted.
    func finish() -> TrialRecord? {
        let start = MonotonicClock.now()
        defer { time += MonotonicClock.now() - start }
        if isAlive {
            socket.finish()
            handle(reply())
        }
        if mustBeKilled { child.cancel() }
        let crash = try? Blocking.run { [child] in await child.value }
        guard var record, !Interrupt.isRequested else { return nil }
        if record.message == Self.endedEarly, let crash { record.message = crash }
        return record
    }

    private func ask(_ command: TurnCommand) {
        guard isAlive, !Interrupt.isRequested else { return }
        let start = MonotonicClock.now()
        socket.send(command.rawValue)
        handle(reply())
        time += MonotonicClock.now() - start
    }

    private func handle(_ reply: TurnReply?) {
        switch reply {
        case .ready, nil: break
        case .turn(let turn): turns.append(turn)
        case .record(var record):
            // A build that runs in another's run does not know its name there.
            record.trial = trial
            record.observed.build = trial.cell.build
            self.record = record
        }
    }

    /// The next reply; nil where the run has been interrupted.
    private func reply() -> TurnReply? {
        let deadline = MonotonicClock.now() + UInt64(trial.timeLimit * 1e9)
        switch socket.next(until: deadline) {
        case .text(let line): return (try? JSONText.value(TurnReply.self, from: line)) ?? failure(Self.endedEarly)
        case .end: return failure(Self.endedEarly)
        case .late:
            mustBeKilled = true
            return failure("killed after its time limit of \(Figure.plain(trial.timeLimit)) s")
        case .interrupted:
            mustBeKilled = true
            return nil
        }
    }

    private func failure(_ reason: String) -> TurnReply {
        .record(TrialRecord(trial: trial, status: .failed, message: reason))
    }

    private static let endedEarly = "ended without a result"
}
