// SPDX-License-Identifier: Apache-2.0

import Glibc
import Measurement
import ParameterValues
import Reports
import SystemPackage
import Workloads

/// The program of a peer, which performs one workload as often as it is asked.
///
/// Every call blocks the calling thread.
struct PeerProgram {
    private let child: SpawnedChild
    private let socket: LoadSocket

    /// Starts it, on the processors that the caller is pinned to.
    ///
    /// - Throws: ``PeerFailure`` if it cannot be started.
    init(path: String, _ workload: Workload, _ values: [String: ParameterValue]) throws(PeerFailure) {
        let settings = values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        do {
            child = try SpawnedChild.ofPeer(path, [workload.name] + settings)
        } catch {
            throw PeerFailure("could not be started: \(error)")
        }
        socket = LoadSocket(child.socket)
    }

    /// Its process.
    var process: OtherProcess { OtherProcess(child.process) }

    /// Has it perform the workload; ``answer()`` waits for that.
    func start(_ times: Int) { socket.send(PeerOrder.run(times)) }

    /// Has it listen; returns its port on 127.0.0.1, and the process that serves.
    ///
    /// - Throws: ``PeerFailure`` for an answer outside the protocol, and the end of the program.
    func listen() throws(PeerFailure) -> (port: Int, process: OtherProcess) {
        socket.send(PeerOrder.listen)
        let reply = try reply()
        guard let port = reply.port, (1...65_535).contains(port) else {
            throw PeerFailure("answered '\(PeerOrder.listen)' without a port")
        }
        return (port, reply.pid.map(OtherProcess.init) ?? process)
    }

    /// Waits for the answer to what it was asked, which has one.
    ///
    /// - Throws: ``PeerFailure`` for an answer outside the protocol, and the end of the program.
    func answer() throws(PeerFailure) -> (reply: PeerReply, answer: Int) {
        let reply = try reply()
        guard let answer = reply.answer, reply.nanoseconds != nil || reply.bytes != nil else {
            throw PeerFailure("answered without an answer and a time")
        }
        return (reply, answer)
    }

    private func reply() throws(PeerFailure) -> PeerReply {
        guard let line = socket.line() else { throw Self.endedEarly(child.wait()) }
        guard let reply = try? JSONText.value(PeerReply.self, from: line) else {
            throw PeerFailure("answered '\(line.prefix(80))', which is no answer of the protocol")
        }
        if let error = reply.error { throw PeerFailure("failed: \(error)") }
        return reply
    }

    /// How it ended; nil if it has not.
    var earlyEnd: PeerFailure? { child.ending.map(Self.endedEarly) }

    private static func endedEarly(_ how: String) -> PeerFailure { PeerFailure("ended early: it \(how)") }

    /// Ends its input, and so the program; one that does not end in time is killed.
    func end() {
        socket.end()
        child.wait(atMost: .seconds(2))
    }
}
