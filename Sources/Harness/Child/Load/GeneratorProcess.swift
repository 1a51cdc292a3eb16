// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Measurement
import Reports
import Synchronization
import Tasklets
import Workloads

/// The load generator cannot go on.
struct GeneratorFailure: Error, CustomStringConvertible {
    let description: String
    /// Whether this machine has too few descriptors or too little memory for the load.
    let isShortage: Bool

    init(_ reason: String, isShortage: Bool = false) {
        description = "the load generator \(reason)"
        self.isShortage = isShortage
    }

    /// - Parameter code: the kernel's reason.
    init(_ code: Int32, _ reason: String) { self.init("\(reason): \(String(cString: strerror(code)))") }
}

/// The load generator of a trial, in a process of its own: what it costs is no part of what the trial's process costs.
///
/// A thread reads its replies, on the generator's processors. One load is performed at a time.
final class GeneratorProcess: Sendable {
    private struct State {
        /// The load that is being performed.
        var load: LoadGenerator?
        /// The processor time that the last load took, in nanoseconds.
        var processorTime: UInt64 = 0
        /// Why there are no more replies.
        var failure: GeneratorFailure?
    }

    private let socket: LoadSocket
    private let hasEnded = DispatchSemaphore(value: 0)
    private let state = Mutex(State())

    /// Starts the process, which starts up while the caller goes on.
    ///
    /// - Throws: ``GeneratorFailure`` if the kernel refuses.
    init(cpus: CPUSet) throws(GeneratorFailure) {
        let child = try SpawnedChild.ofThisProgram(ChildCommand.load.rawValue, cpus.list)
        socket = LoadSocket(child.socket)
        let refused = DetachedThread.start { [self] in
            _ = cpus.pinCurrentThread()
            // What it asks of libc is no part of what the measured scheduler does.
            CallCounts.excludeThisThread()
            while let line = socket.line(), handle(line) {}
            // Ends a process that is still there, too.
            socket.end()
            fail(GeneratorFailure(child.wait()))
            hasEnded.signal()
        }
        if let refused { throw GeneratorFailure(refused, "has no thread for its replies") }
    }

    /// The processors for it: the allowed ones that are not measured, or the measured ones if there are no others.
    static func cpus(allowed: CPUSet, measured: CPUSet) -> CPUSet {
        let others = allowed.numbers.filter { !measured.numbers.contains($0) }
        return others.isEmpty ? measured : CPUSet(others)
    }

    /// Has the clients of a load connect.
    ///
    /// - Throws: ``GeneratorFailure`` if the process has ended.
    func start(_ program: LoadProgram) throws -> LoadGenerator {
        let line = try JSONText.line(program)
        let load = LoadGenerator { [socket] in socket.send(LoadOrder.start) }
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            state.load = load
        }
        socket.send(line)
        return load
    }

    /// The processor time that the last finished load took, in nanoseconds.
    var processorTime: UInt64 { state.withLock(\.processorTime) }

    /// Ends the process, and waits for that, blocking the thread: one that nobody has waited for stays as a zombie.
    func end() {
        socket.end()
        // Nothing keeps it that long.
        _ = hasEnded.wait(timeout: .now() + .seconds(2))
    }

    /// Passes a reply on to the waiting workload; returns whether more can follow.
    private func handle(_ line: String) -> Bool {
        guard let reply = try? JSONText.value(LoadReply.self, from: line), let load = state.withLock(\.load) else {
            return false
        }
        switch reply {
        case .connected: load.reportConnected()
        case .finished(let processorTime):
            // Before the workload learns of the end, and has it read.
            state.withLock { $0.processorTime = processorTime }
            load.reportFinished()
        case .result(let right, let latencies, let uncorrected):
            guard let latency = socket.numbers(latencies), let rest = socket.numbers(uncorrected) else { return false }
            load.report(LoadResult(right: right, latency: latency, uncorrected: rest))
        case .failed(let reason, let isShortage):
            load.reportFailure(GeneratorFailure("failed: \(reason)", isShortage: isShortage))
        }
        return true
    }

    private func fail(_ failure: GeneratorFailure) {
        let load = state.withLock { state in
            state.failure = failure
            return state.load
        }
        // Has no effect on a load that has ended.
        load?.reportFailure(failure)
    }
}

extension GeneratorProcess? {
    /// Has the clients of a load connect.
    ///
    /// - Throws: ``GeneratorFailure`` if there is no process, or it has ended.
    func start(_ program: LoadProgram) throws -> LoadGenerator {
        guard let self else { throw GeneratorFailure("is missing: the workload does not say that it is a server") }
        return try self.start(program)
    }
}
