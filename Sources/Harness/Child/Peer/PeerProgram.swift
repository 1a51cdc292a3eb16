// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports
import SystemPackage
import Workloads

/// The program of a peer, which performs one workload as often as it is asked.
///
/// Every call blocks the calling thread.
struct PeerProgram {
    private let child: SpawnedChild
    private let socket: LoadSocket
    private let expected: Int
    /// The operations of one run.
    let operations: Int

    /// What some runs took.
    struct Reading {
        /// The time of all runs together; 0 for a workload that measures memory.
        var nanoseconds: UInt64
        /// The memory; nil for a workload that measures time.
        var bytes: UInt64?
    }

    /// Starts it, on the processors that the caller is pinned to.
    ///
    /// - Throws: ``PeerFailure`` if it cannot be started.
    init(path: String, _ workload: Workload, _ values: [String: Int]) throws(PeerFailure) {
        let parameters = Parameters(values)
        let settings = values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        do {
            child = try SpawnedChild.ofPeer(path, [workload.name] + settings)
        } catch {
            throw PeerFailure("could not be started: \(error)")
        }
        socket = LoadSocket(child.socket)
        expected = workload.expected(parameters)
        operations = workload.operations(parameters)
    }

    /// Performs the workload a number of times, and checks the answer.
    ///
    /// - Throws: ``PeerFailure`` for a wrong answer, an answer outside the protocol, and the end of the program.
    func run(_ times: Int) throws(PeerFailure) -> Reading {
        socket.send("run \(times)")
        guard let line = socket.line() else { throw PeerFailure("ended early: it \(child.wait())") }
        guard let reply = try? JSONText.value(PeerReply.self, from: line) else {
            throw PeerFailure("answered '\(line.prefix(80))', which is no answer of the protocol")
        }
        if let error = reply.error { throw PeerFailure("failed: \(error)") }
        guard let answer = reply.answer, reply.nanoseconds != nil || reply.bytes != nil else {
            throw PeerFailure("answered without an answer and a time: '\(line.prefix(80))'")
        }
        guard answer == expected else { throw PeerFailure("returned \(answer) instead of \(expected)") }
        return Reading(nanoseconds: reply.nanoseconds ?? 0, bytes: reply.bytes)
    }

    /// Ends it, and waits for that.
    func end() {
        socket.end()
        _ = child.wait()
    }
}
