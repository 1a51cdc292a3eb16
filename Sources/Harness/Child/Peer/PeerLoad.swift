// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports
import Workloads

/// The load generator for a peer's server: the process that loads the schedulers, driven by a thread that blocks.
struct PeerLoad {
    private let child: SpawnedChild
    private let socket: LoadSocket

    /// Starts the process.
    ///
    /// - Throws: ``GeneratorFailure`` if the kernel refuses.
    init(cpus: CPUSet) throws(GeneratorFailure) {
        child = try SpawnedChild.ofThisProgram(ChildCommand.load.rawValue, cpus.list)
        socket = LoadSocket(child.socket)
    }

    /// What a load came to.
    struct Outcome {
        /// What the clients received.
        var result: LoadResult
        /// The generator's processor time, in nanoseconds.
        var processorTime: UInt64
    }

    /// Connects the clients, and has them do what is to be measured.
    ///
    /// - Parameters:
    ///   - begin: called when all are connected, right before they start.
    ///   - end: called when the last reply has come.
    /// - Throws: ``GeneratorFailure`` if it cannot go on; what the closures throw.
    func perform(_ program: LoadProgram, begin: () -> Void, end: () throws -> Void) throws -> Outcome {
        socket.send(try JSONText.line(program))
        guard case .connected = try reply() else { throw Self.nonsense }
        begin()
        socket.send(LoadOrder.start)
        guard case .finished(let processorTime) = try reply() else { throw Self.nonsense }
        try end()
        guard case .result(let right, let latencies, let uncorrected) = try reply(),
            let latency = socket.numbers(latencies), let rest = socket.numbers(uncorrected)
        else { throw Self.nonsense }
        return Outcome(
            result: LoadResult(right: right, latency: latency, uncorrected: rest),
            processorTime: processorTime
        )
    }

    private static let nonsense = GeneratorFailure("replied out of turn")

    private func reply() throws -> LoadReply {
        guard let line = socket.line() else { throw GeneratorFailure(child.wait()) }
        let reply = try JSONText.value(LoadReply.self, from: line)
        guard case .failed(let reason, let isShortage) = reply else { return reply }
        throw GeneratorFailure("failed: \(reason)", isShortage: isShortage)
    }

    /// Ends the process, and waits for that.
    func end() {
        socket.end()
        _ = child.wait()
    }
}
